using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class OnnxClassifierTests
{
    // What the model of three labels says of "good": computed by hand.
    private static readonly double[] Good = EncoderLayout.Softmax(TinyEncoder.Logits(TinyEncoder.Mean([2, 21, 3]), 3));

    private static readonly string[] Labels = ["negative", "neutral", "positive"];

    private static readonly string Best = Labels[Array.IndexOf(Good, Good.Max())];

    private readonly TinyEncoder _folder = new();

    private OnnxClassifier? _classifier;

    private OnnxClassifier Classifier => _classifier ??= new OnnxClassifier(EncoderLayout.BertClassifier(_folder).Folder);

    [TearDown]
    public void Free()
    {
        _classifier?.Dispose();
        _folder.Dispose();
    }

    [TestCaseSource(typeof(EncoderLayout), nameof(EncoderLayout.Classifiers))]
    public async Task Classify_EveryLayout_GivesTheProbabilitiesThatFollow(object given)
    {
        EncoderLayout layout = (EncoderLayout)given;
        using TinyEncoder folder = new();
        layout.Write(folder);
        using OnnxClassifier classifier = new(folder.Folder);

        // Beside a longer text, so that the row is padded.
        TextClassification result = (await classifier.ClassifyAsync([layout.Text, layout.Text + " hello hello"]))[0];

        Assert.That(classifier.Labels, Is.EqualTo(Labels));
        Assert.That(result.Probabilities.Select(p => p.Value), Is.EqualTo(layout.Expected(layout.Ids)).Within(1e-6));
        Assert.That(result.Probabilities.Sum(p => p.Value), classifier.IsMultiLabel ? Is.Not.EqualTo(1).Within(1e-3) : Is.EqualTo(1).Within(1e-9));
        Assert.That((result.Label, result.Probability), Is.EqualTo((result.Probabilities.MaxBy(p => p.Value).Key, result.Probabilities.Max(p => p.Value))));
        Assert.That(result.TokenCount, Is.EqualTo(layout.Ids.Length));
    }

    [TestCase(800f, -800f)]
    [TestCase(-90f, 5f)]
    public void LogProbabilities_FarLogits_StayFiniteAndKnowBothEnds(float first, float second)
    {
        ClassifierLabels one = Read("\"problem_type\":\"single_label_classification\"");
        ClassifierLabels several = Read("\"problem_type\":\"multi_label_classification\"");

        Assert.That(one.LogProbabilities([first, second]), Is.EqualTo((double[])[Math.Min(0, first - second), Math.Min(0, second - first)]).Within(1e-9));
        Assert.That(several.LogProbabilities([first, second]), Has.All.LessThanOrEqualTo(0).And.All.GreaterThan(-801));
        Assert.That(several.LogProbabilities([0])[0], Is.EqualTo(-Math.Log(2)).Within(1e-12));
    }

    [Test]
    public async Task Answer_IsTheLabelOfTheLastThingThatTheUserSaid([Values] bool streaming)
    {
        ChatMessage[] messages = [new(ChatRole.System, "bad"), new(ChatRole.User, "bad bad"), new(ChatRole.Assistant, "hello"), new(ChatRole.User, "good")];

        ChatResponse response = await AskAsync(Classifier, messages, new ChatOptions { Temperature = 0.7f, MaxOutputTokens = 1 }, streaming);

        Assert.That((response.Text, response.FinishReason, response.ModelId), Is.EqualTo((Best, ChatFinishReason.Stop, Path.GetFileName(_folder.Folder))));
        Assert.That(response.AdditionalProperties![LabelConfidence.ResponseKey], Is.EqualTo(Good.Max()).Within(1e-6));
        Assert.That((response.Usage!.InputTokenCount, response.Usage.OutputTokenCount, response.Usage.TotalTokenCount), Is.EqualTo((3L, 0L, 3L)));
    }

    [Test]
    public async Task Answer_TellsTheScoresOfAllLabelsAndLogProbabilities()
    {
        ChatResponse response = await Classifier.GetResponseAsync("good", new ChatOptions().WithLogProbabilities(top: 2));

        ContinuationScores scores = (ContinuationScores)response.RawRepresentation!;
        Assert.That(scores.Scores.Select(score => (score.Text, Math.Round(Math.Exp(score.LogLikelihood), 6))), Is.EqualTo(Labels.Zip(Good, (label, p) => (label, Math.Round(p, 6)))));
        TokenLogProbability token = response.GetLogProbabilities()!.Single();
        Assert.That((token.Token, token.Top.Count, token.Top[0].Token), Is.EqualTo((Best, 2, Best)));
        Assert.That(token.LogProbability, Is.EqualTo(Math.Log(Good.Max())).Within(1e-6));
    }

    [Test]
    public async Task Answer_InTheFormOfAChoice_IsItsJson([Values] bool streaming)
    {
        ChatResponse plain = await AskAsync(Classifier, [new(ChatRole.User, "good")], Choices("""{"enum":["POSITIVE","NEGATIVE","NEUTRAL","other"]}"""), streaming);
        ChatResponse wrapped = await AskAsync(Classifier, [new(ChatRole.User, "good")], Choices("""{"type":"object","properties":{"data":{"enum":["positive","negative","neutral"]}},"required":["data"]}"""), streaming);

        Assert.That((plain.Text, wrapped.Text), Is.EqualTo(($"\"{Best.ToUpperInvariant()}\"", $"{{\"data\":\"{Best}\"}}")));
    }

    private static IEnumerable<TestCaseData> Refused()
    {
        yield return new TestCaseData("Tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] });
        yield return new TestCaseData("ConversationId", new ChatOptions { ConversationId = "c" });
        yield return new TestCaseData("StopSequences", new ChatOptions { StopSequences = ["."] });
        yield return new TestCaseData("FrequencyPenalty", new ChatOptions { FrequencyPenalty = 1 });
        yield return new TestCaseData("PresencePenalty", new ChatOptions { PresencePenalty = 1 });
        yield return new TestCaseData("logit_bias", new ChatOptions { AdditionalProperties = new() { ["logit_bias"] = new Dictionary<int, float>() } });
        yield return new TestCaseData("ResponseFormat", new ChatOptions { ResponseFormat = ChatResponseFormat.Json });
        yield return new TestCaseData("ResponseFormat", Choices("""{"enum":["positive","negative"]}"""));
    }

    [TestCaseSource(nameof(Refused))]
    public async Task Answer_OptionThatCannotBeHonoured_IsRefusedByName(string option, ChatOptions options)
    {
        foreach (bool streaming in (bool[])[false, true])
        {
            UnsupportedOptionException error = (await Assert.ThrowsAsync<UnsupportedOptionException>(() => AskAsync(Classifier, [new(ChatRole.User, "good")], options, streaming)))!;
            Assert.That(error.Message, Does.Contain(option));
        }
    }

    [Test]
    public void Answer_NothingToClassify_IsRefused()
    {
        Assert.That(async () => await Classifier.GetResponseAsync([new ChatMessage(ChatRole.System, "good")]), Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("role user"));
        Assert.That(
            async () => await Classifier.GetResponseAsync([new ChatMessage(ChatRole.User, [new TextContent("good"), new DataContent(new byte[] { 1 }, "image/png")])]),
            Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains(nameof(DataContent)));
    }

    [Test]
    public async Task ACascade_KeepsALabelThatIsProbableAndDefersTheRest([Values] bool streaming)
    {
        Assert.That((await AnswererAsync(Good.Max() - 0.01), await AnswererAsync(Good.Max() + 0.01)), Is.EqualTo(("first", "last")));

        async Task<string?> AnswererAsync(double least)
        {
            CascadeOptions cascade = new();
            cascade.DeferBelow.LabelProbability = least;
            CascadeChatClient client = new("main", [new("first", Classifier), new("last", Classifier)], cascade);
            return (await AskAsync(client, [new(ChatRole.User, "good")], null, streaming)).GetReceipt()!.AnsweredBy;
        }
    }

    [Test]
    public async Task APanelOverProbabilities_CountsTheClassifiersOwn()
    {
        PanelChatClient panel = new("jury", [new("one", Classifier), new("two", Classifier)], new PanelOptions { Choices = ["Positive", "Neutral", "Negative"], Rule = VoteRule.MeanProbability });

        Vote vote = (await panel.GetResponseAsync("good")).GetVote()!;

        Assert.That((vote.Winner, vote.Ballots.Count), Is.EqualTo((Best[..1].ToUpperInvariant() + Best[1..], 2)));
        Assert.That(vote.Agreement, Is.EqualTo(Good.Max()).Within(1e-6));
    }

    [Test]
    public async Task APanelOfChoices_ReadsItsAnswerAsABallot()
    {
        PanelChatClient panel = new("jury", [new("one", Classifier), new("two", Classifier), new("three", Classifier)], new PanelOptions { Choices = Labels, StopsEarly = false });

        Vote vote = (await panel.GetResponseAsync("good")).GetVote()!;

        Assert.That((vote.Winner, vote.Agreement), Is.EqualTo((Best, 1.0)));
        Assert.That(vote.Ballots.Select(ballot => ballot.Choice), Is.EqualTo((string[])[Best, Best, Best]));
    }

    [Test]
    public void Score_ContinuationThatIsNoLabel_IsRefused() =>
        Assert.That(
            async () => await Classifier.GetService<IContinuationScorer>()!.ScoreAsync(ScoringRequest.ForText("", "good", ["positive", "mixed"])),
            Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("'mixed'"));

    [Test]
    public async Task AddModel_InCodeOrConfiguration_RoutesToTheClassifierAtNoCost([Values] bool inCode)
    {
        EncoderLayout.BertClassifier(_folder);
        ServiceCollection services = new();
        Dictionary<string, string?> settings = new()
        {
            ["Ensemble:Models:mood:Provider"] = "local-classifier",
            ["Ensemble:Models:mood:Model"] = _folder.Folder,
            ["Ensemble:Models:mood:MaxTokens"] = "64",
        };
        IEnsembleBuilder builder = inCode
            ? services.AddEnsemble().AddModel("mood", m => m.LocalClassifier(_folder.Folder, new OnnxEncoderOptions { MaxTokens = 64 }))
            : services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build());
        builder.AddLocalModels().AddRouter("main", "mood");
        await using ServiceProvider provider = services.BuildServiceProvider();

        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("good");

        Assert.That((response.Text, response.GetReceipt()!.AnsweredBy, response.GetReceipt()!.CostUsd), Is.EqualTo((Best, "mood", 0m)));
    }

    [TestCase("MaxBatchSize", "0", "MaxBatchSize is '0'")]
    [TestCase("Model", "/no/such/folder", "model.onnx' does not exist")]
    [TestCase("Prefix", "query: ", "Prefix")]
    public void Configuration_WhatIsWrong_IsSaidBeforeAnythingIsLoaded(string setting, string value, string said)
    {
        EncoderLayout.BertClassifier(_folder);
        ServiceCollection services = new();
        Dictionary<string, string?> settings = new() { ["Ensemble:Models:mood:Provider"] = "local-classifier", ["Ensemble:Models:mood:Model"] = _folder.Folder };
        settings[$"Ensemble:Models:mood:{setting}"] = value;
        services.AddEnsemble(new ConfigurationBuilder().AddInMemoryCollection(settings).Build()).AddLocalModels();
        using ServiceProvider provider = services.BuildServiceProvider();

        Assert.That(() => provider.GetRequiredService<IEnsembleClients>().Models, Throws.TypeOf<OptionsValidationException>().With.Message.Contains(said));
    }

    [TestCase("", "id2label is not there")]
    [TestCase(",\"id2label\":{\"0\":\"a\"}", nameof(OnnxReranker))]
    [TestCase(",\"id2label\":{\"0\":\"a\",\"2\":\"b\",\"3\":\"c\"}", "id2label")]
    [TestCase(",\"id2label\":{\"0\":\"a\",\"1\":\"A\",\"2\":\"c\"}", "id2label")]
    [TestCase(",\"id2label\":{\"0\":\"a\",\"1\":\"b\",\"2\":3}", "id2label")]
    [TestCase(",\"id2label\":{\"0\":\"a\",\"1\":\"b\"}", "config.json says 2")]
    [TestCase(",\"id2label\":{\"0\":\"a\",\"1\":\"b\"},\"problem_type\":\"regression\"", "regression")]
    public void Load_ConfigurationThatIsNoClassifiers_NamesWhatIsThere(string more, string found)
    {
        EncoderLayout.BertClassifier(_folder).With("config.json", EncoderLayout.Config("bert", 512, 0, more));

        Assert.That(() => new OnnxClassifier(_folder.Folder), Throws.TypeOf<ModelLoadException>().With.Message.Contains(found));
    }

    [Test]
    public void Load_ModelWithoutLogitsOrConfiguration_NamesTheFile()
    {
        EncoderLayout.BertClassifier(_folder).WithModel("last_hidden_state");
        Assert.That(() => new OnnxClassifier(_folder.Folder), Throws.TypeOf<ModelLoadException>().With.Message.Contains("last_hidden_state"));

        File.Delete(Path.Combine(_folder.Folder, "config.json"));
        Assert.That(() => new OnnxClassifier(_folder.Folder), Throws.TypeOf<ModelLoadException>().With.Property(nameof(ModelLoadException.Path)).EndsWith("config.json"));
    }

    [Test]
    public async Task Classify_NoTextANullOneOrAfterDispose_IsAnswered()
    {
        Assert.That(await Classifier.ClassifyAsync([]), Is.Empty);
        Assert.That(async () => await Classifier.ClassifyAsync(["a", null!]), Throws.ArgumentException.With.Message.Contains("Text 1"));
        Assert.That(async () => await Classifier.ClassifyAsync(["a"], new CancellationToken(true)), Throws.InstanceOf<OperationCanceledException>());
        Classifier.Dispose();
        Assert.That(async () => await Classifier.ClassifyAsync(["a"]), Throws.TypeOf<ObjectDisposedException>());
    }

    [Test]
    public async Task Dispose_WhileACallOfManyBatchesRuns_LetsAllOfItEnd()
    {
        using OnnxClassifier classifier = new(EncoderLayout.BertClassifier(_folder).Folder, new OnnxEncoderOptions { MaxBatchSize = 1 });
        Task<IReadOnlyList<TextClassification>> running = classifier.ClassifyAsync(Enumerable.Repeat("good", 200));

        classifier.Dispose();

        Assert.That((await running).Select(result => result.Label), Is.EqualTo(Enumerable.Repeat(Best, 200)));
        Assert.That(async () => await classifier.ClassifyAsync(["good"]), Throws.TypeOf<ObjectDisposedException>());
    }

    private static ChatOptions Choices(string schema) => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(schema)) };

    private static async Task<ChatResponse> AskAsync(IChatClient client, ChatMessage[] messages, ChatOptions? options, bool streaming) =>
        streaming ? await client.GetStreamingResponseAsync(messages, options).ToChatResponseAsync() : await client.GetResponseAsync(messages, options);

    private ClassifierLabels Read(string more) =>
        ClassifierLabels.Read(EncoderFolder.Open(EncoderLayout.BertClassifier(_folder).With("config.json", $$"""{"id2label":{"0":"a","1":"b"},{{more}}}""").Folder));
}
