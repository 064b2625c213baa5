using Ensemble.Tests.Selection;
using Ensemble.Tests.Selection.Semantic;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Constraints;

/// <summary>An embedding model that is elsewhere sees no text that the rules keep here, whoever asks it.</summary>
internal sealed class EmbeddingRulesTests
{
    private const string Question = "Who is ada@example.com?";

    private static readonly SelectionMember Local = Choosing.Member("loc", quality: 0.4, deployments: [new Deployment { Name = "loc", InProcess = true }]);

    private static readonly ChatOptions Kept = new ChatOptions().WithEnsemble(request => request with { Requirements = new() { KeepLocal = SensitiveData.Email } });

    [Test]
    public async Task AnswersOfAPanel_AreComparedWithoutIt([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        PanelChatClient panel = new("jury", [Voter("a", "It is Ada"), Voter("b", "Ada")], new PanelOptions { Clusters = new AnswerClusterOptions(embeddings) });
        ChatResponse response = await panel.AskAsync(streaming, Question, Kept);
        Assert.That(embeddings.Calls, Is.Zero);
        Assert.That(response.GetReceipt()!.Notes, Has.Some.Contains("compared word by word only (embeddings: the request holds Email"));
        _ = await panel.AskAsync(streaming, "Who?", Kept);
        Assert.That(embeddings.Calls, Is.Positive, "without anything to keep it is asked");
    }

    [Test]
    public async Task AClassifierThatHasNothingElse_Refuses([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        BaggingData data = BaggingData.FromExamples([.. Enumerable.Range(0, 12).Select(i => new LabeledExample($"text {i}", i % 2 == 0 ? "yes" : "no"))]);
        ClassifierChatClient classifier = new("triage", [], new ClassifierOptions { Data = data }, embeddings);
        NoEligibleModelException error = (await Assert.ThrowsAsync<NoEligibleModelException>(() => classifier.AskAsync(streaming, Question, Kept)))!;
        Assert.That(error.Refusals.Single().Rules, Is.EqualTo(ConstraintRules.SensitiveData));
        Assert.That(embeddings.Calls, Is.Zero);
    }

    [Test]
    public async Task WhatConcernsAnswersOnly_DoesNotKeepTextFromIt([Values] bool streaming)
    {
        using HashedEmbeddings embeddings = new();
        PanelChatClient panel = new("jury", [Voter("a", "It is Ada"), Voter("b", "Ada")], new PanelOptions { Clusters = new AnswerClusterOptions(embeddings) });
        _ = await panel.AskAsync(streaming, Question, new ChatOptions().WithEnsemble(request => request with { Requirements = new() { MinQuality = 0.3 } }));
        Assert.That(embeddings.Calls, Is.Positive);
    }

    private static Member Voter(string name, string says) => new(name, FakeClient.Says(says).AsModel(Local));
}
