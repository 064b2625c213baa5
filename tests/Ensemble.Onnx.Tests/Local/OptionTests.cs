using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class OptionTests
{
    private static readonly JsonElement Schema = JsonDocument.Parse("""{"type":"object"}""").RootElement;

    private static readonly JsonElement Choices = JsonDocument.Parse("""{"enum":["yes","no"]}""").RootElement;

    private static readonly TestCaseData[] Refused =
    [
        Case("Tools", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] }),
        Case("ConversationId", new ChatOptions { ConversationId = "7" }),
        Case("Temperature", new ChatOptions { Temperature = -1 }),
        Case("TopP", new ChatOptions { TopP = 0 }),
        Case("TopK", new ChatOptions { TopK = -1 }),
        Case("min_p", With(LocalChatOptions.MinP, 2)),
        Case("min_p", With(LocalChatOptions.MinP, "some")),
        Case("logit_bias", With(LocalChatOptions.LogitBias, "some")),
        Case("logit_bias", With(LocalChatOptions.LogitBias, new Dictionary<int, float> { [1_000_000] = 1 })),
        Case("logit_bias", With(LocalChatOptions.LogitBias, new Dictionary<int, float> { [5] = float.NaN })),
        Case("logit_bias", With(LocalChatOptions.LogitBias, new Dictionary<int, float> { [5] = float.PositiveInfinity })),
        Case("StopSequences", WithSchema(new ChatOptions { StopSequences = [","] })),
        Case("MaxOutputTokens", new ChatOptions { MaxOutputTokens = 0 }),
        Case("min_p", WithSchema(With(LocalChatOptions.MinP, 0.1))),
        Case("FrequencyPenalty", WithSchema(new ChatOptions { FrequencyPenalty = 1 })),
        Case("PresencePenalty", WithSchema(new ChatOptions { PresencePenalty = 1 })),
        Case("log-probabilities", WithSchema(new ChatOptions().WithLogProbabilities())),
        Case("FrequencyPenalty", WithChoices(new ChatOptions { FrequencyPenalty = 1 })),
        Case("PresencePenalty", WithChoices(new ChatOptions { PresencePenalty = -1 })),
        Case("logit_bias", WithChoices(With(LocalChatOptions.LogitBias, new Dictionary<int, float> { [5] = 1 }))),
        Case("StopSequences", WithChoices(new ChatOptions { StopSequences = ["o"] })),
    ];

    [Test]
    public void LocalModel_SaysThatItCallsNoTools_SoThatRoutersPassItOver() =>
        Assert.That(SharedSmolLM2.Client.GetService<MemberTraits>()!.CallsTools, Is.False);

    [TestCaseSource(nameof(Refused))]
    public async Task AnOptionThatCannotBeHonoured_IsRefusedByName(string named, ChatOptions options)
    {
        UnsupportedOptionException error = (await Assert.ThrowsAsync<UnsupportedOptionException>(async () => await SharedSmolLM2.Client.GetResponseAsync("Hi", options)))!;
        Assert.That(error.Message, Does.Contain(named));
        Assert.That(() => SharedSmolLM2.Client.GetStreamingResponseAsync("Hi", options), Throws.TypeOf<UnsupportedOptionException>());
    }

    [Test]
    public void AnImage_IsRefused()
    {
        ChatMessage message = new(ChatRole.User, [new TextContent("What is it?"), new DataContent(new byte[] { 1 }, "image/png")]);
        Assert.That(async () => await SharedSmolLM2.Client.GetResponseAsync(message), Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("DataContent"));
    }

    [Test]
    public async Task APromptLongerThanTheWindow_IsRefused_AndNeighboursAreNotHarmed([Values] bool streaming)
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        string prompt = string.Concat(Enumerable.Repeat("boats ", 600));
        Task<ChatResponse> before = client.GetResponseAsync("Hi");
        PromptTooLongException error = (await Assert.ThrowsAsync<PromptTooLongException>(async () => await LocalChatClientTests.Ask(client, prompt, null, streaming)))!;
        Assert.That(error.ContextWindow, Is.EqualTo(512));
        Assert.That(error.PromptTokens, Is.GreaterThan(600));
        Assert.That(async () => await before, Throws.Nothing);
        Assert.That(async () => await client.GetResponseAsync("Hi"), Throws.Nothing);
    }

    [Test]
    public async Task AnAnswer_EndsWhereTheWindowDoes()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.LlamaExact, LocalTemplate.None);
        string prompt = string.Concat(Enumerable.Repeat(" c", 505));
        ChatResponse response = await client.GetResponseAsync(prompt, new ChatOptions
        {
            MaxOutputTokens = 100,
            AdditionalProperties = new() { [LocalChatOptions.LogitBias] = new Dictionary<int, float> { [24] = 1000 } },
        });
        Assert.That(response.Usage!.TotalTokenCount, Is.EqualTo(512));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
    }

    [Test]
    public async Task Instructions_AreASystemMessage()
    {
        ChatResponse instructed = await SharedSmolLM2.Client.GetResponseAsync("Hi", new ChatOptions { Instructions = "Be brief.", MaxOutputTokens = 1 });
        ChatResponse system = await SharedSmolLM2.Client.GetResponseAsync([new(ChatRole.System, "Be brief."), new(ChatRole.User, "Hi")], new ChatOptions { MaxOutputTokens = 1 });
        Assert.That(instructed.Usage!.InputTokenCount, Is.EqualTo(system.Usage!.InputTokenCount));
    }

    private static TestCaseData Case(string named, ChatOptions options) => new TestCaseData(named, options).SetArgDisplayNames(named);

    private static ChatOptions With(string key, object value) => new() { AdditionalProperties = new() { [key] = value } };

    private static ChatOptions WithChoices(ChatOptions options)
    {
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(Choices);
        return options;
    }

    private static ChatOptions WithSchema(ChatOptions options)
    {
        options.ResponseFormat = ChatResponseFormat.ForJsonSchema(Schema);
        return options;
    }
}
