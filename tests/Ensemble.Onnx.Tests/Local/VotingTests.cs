using Ensemble.Onnx.Tests.Embeddings;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>Votes of the shipped model with itself.</summary>
internal sealed class VotingTests
{
    private const string Question = "Is a summer day in the desert hot or cold? Think of the sand, of the sky without a cloud, and of the road that shines.";

    [Test]
    public async Task SamplesOfOneQuestion_ShareThePrefill()
    {
        IReadOnlyList<Member> voters = Member.Create([new MemberOptions { Model = "local", Count = 5, Temperature = 0.7f, Seed = 1 }], _ => SharedSmolLM2.Client);
        PanelChatClient panel = new("jury", voters, new PanelOptions { Choices = ["hot", "cold"], StopsEarly = false });
        ChatOptions options = new() { MaxOutputTokens = 8 };
        Receipt receipt = (await panel.GetResponseAsync(Question, options.WithEnsemble(request => request with { Tenant = "prefill" }))).GetReceipt()!;
        long[] read = [.. receipt.Attempts.Select(attempt => attempt.InputTokens!.Value - (attempt.CachedInputTokens ?? 0))];
        long prompt = receipt.Attempts[0].InputTokens!.Value;
        Assert.Multiple(() =>
        {
            Assert.That(receipt.Attempts.Select(attempt => attempt.InputTokens), Is.All.EqualTo(prompt));
            Assert.That(read.Count(tokens => tokens > 4), Is.LessThanOrEqualTo(1), "one voter reads the question, the others its last tokens");
        });
    }

    [Test]
    public async Task Classifier_GivesTheSameBits_AloneAndAmongConcurrentRequests_AndOnASecondFit()
    {
        Tickets tickets = Tickets.Read();
        BaggingData Draw() => BaggingData.FromExamples([.. tickets.Examples.Select(ticket => new LabeledExample(ticket.Text, ticket.Label))], bags: 3, seed: 7, "Message", "Team");
        TextClassifierOptions all = new() { StopsEarly = false };
        TextClassifier one = await TextClassifier.FitAsync(SharedSmolLM2.Client, SharedE5.Generator, Draw(), all);
        TextPrediction alone = await one.PredictAsync(tickets.Test[0].Text);
        Task<TextPrediction>[] crowd = [.. tickets.Test.Take(4).Select(ticket => one.PredictAsync(ticket.Text))];
        Task<ChatResponse> chat = SharedSmolLM2.Client.GetResponseAsync("Tell me about the sea.", new ChatOptions { MaxOutputTokens = 24 });
        TextPrediction among = (await Task.WhenAll(crowd))[0];
        await chat;
        TextClassifier other = await TextClassifier.FitAsync(SharedSmolLM2.Client, SharedE5.Generator, Draw(), all);
        TextPrediction again = await other.PredictAsync(tickets.Test[0].Text);
        Assert.That(among.Probabilities, Is.EqualTo(alone.Probabilities));
        Assert.That(again.Probabilities, Is.EqualTo(alone.Probabilities));
    }
}
