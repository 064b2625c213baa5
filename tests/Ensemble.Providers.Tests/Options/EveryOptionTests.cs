using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Providers.Tests;

/// <summary>
/// Every option × every provider in every protocol it speaks: it changes what is sent, or it is noted, and refused where options are strict.
/// Nothing is ignored in silence.
/// </summary>
internal sealed class EveryOptionTests
{
    private static readonly AIFunctionDeclaration Tool = AIFunctionFactory.CreateDeclaration("weather", "The weather.", JsonElement.Parse("""{"type":"object","properties":{}}"""));

    private static readonly (string Name, Func<ChatOptions> Make)[] Options =
    [
        ("temperature", () => new() { Temperature = 0.5f }),
        ("top_p", () => new() { TopP = 0.25f }),
        ("top_k", () => new() { TopK = 5 }),
        ("frequency penalty", () => new() { FrequencyPenalty = 0.5f }),
        ("presence penalty", () => new() { PresencePenalty = 0.5f }),
        ("seed", () => new() { Seed = 7 }),
        ("stop", () => new() { StopSequences = ["END"] }),
        ("output limit", () => new() { MaxOutputTokens = 99 }),
        ("instructions", () => new() { Instructions = "Be brief." }),
        ("JSON", () => new() { ResponseFormat = ChatResponseFormat.Json }),
        ("schema", () => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"string"}"""), "answer") }),
        ("schema of alternatives", () => new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"anyOf":[{"type":"object","properties":{}},{"type":"string"}]}"""), "answer") }),
        ("reasoning effort", () => new() { Reasoning = new() { Effort = ReasoningEffort.High } }),
        ("reasoning output", () => new() { Reasoning = new() { Output = ReasoningOutput.Full } }),
        ("log-probabilities", () => new ChatOptions().WithLogProbabilities(1)),
        ("conversation id", () => new() { ConversationId = "conv_1" }),
        ("background", () => new() { AllowBackgroundResponses = true }),
        ("tool", () => new() { Tools = [Tool] }),
        ("hosted web search", () => new() { Tools = [new HostedWebSearchTool()] }),
        ("hosted code", () => new() { Tools = [new HostedCodeInterpreterTool()] }),
        ("hosted files", () => new() { Tools = [new HostedFileSearchTool { Inputs = [new HostedVectorStoreContent("vs_1")] }] }),
    ];

    private static readonly (string Name, Func<ChatOptions> Make)[] WithTool =
    [
        ("any tool", () => new() { Tools = [Tool], ToolMode = ChatToolMode.RequireAny }),
        ("that tool", () => new() { Tools = [Tool], ToolMode = ChatToolMode.RequireSpecific("weather") }),
        ("no tool", () => new() { Tools = [Tool], ToolMode = ChatToolMode.None }),
        ("one call at a time", () => new() { Tools = [Tool], AllowMultipleToolCalls = false }),
    ];

    public static IEnumerable<DialectScript> Providers => [.. DialectScript.All, .. DialectScript.Others];

    [TestCaseSource(nameof(Providers))]
    public async Task Option_EachOfThem_IsSentOrNoted_AndRefusedWhereOptionsAreStrict(DialectScript provider)
    {
        List<string> silent = [];
        (string plain, _) = await SendAsync(provider, new ChatOptions());
        (string tool, _) = await SendAsync(provider, new ChatOptions { Tools = [Tool] });
        foreach ((string name, Func<ChatOptions> make) in Options.Concat(WithTool))
        {
            string bare = WithTool.Any(option => option.Name == name) ? tool : plain;
            (string sent, IReadOnlyList<string> notes) = await SendAsync(provider, make());
            bool refused = await IsRefusedAsync(provider, make());
            if (notes.Count == 0 && sent == bare)
            {
                silent.Add($"{name}: ignored");
            }

            // A schema that is instructed and checked here is honoured, and the note only says how.
            if (notes.Count > 0 && !refused && !name.StartsWith("schema", StringComparison.Ordinal))
            {
                silent.Add($"{name}: noted ({notes[0]}), but not refused where options are strict");
            }
        }

        Assert.That(silent, Is.Empty, string.Join("\n", silent));
    }

    [Test]
    public async Task ContinuationToken_NobodyHereGoesOnWithABackgroundResponse_IsRefused([ValueSource(typeof(DialectScript), nameof(DialectScript.All))] DialectScript dialect)
    {
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer()));
        using IChatClient client = dialect.Connect(route);
        ChatOptions options = new() { ContinuationToken = ResponseContinuationToken.FromBytes(new byte[] { 1 }) };

        UnsupportedOptionException error = (await Assert.ThrowsAsync<UnsupportedOptionException>(async () => await client.GetResponseAsync("?", options)))!;

        Assert.That(error.Message, Does.Contain("ContinuationToken"));
        Assert.That(route.Requests, Is.Empty);
    }

    [Test]
    public async Task Schema_AnthropicsAdapterTakesObjectsOnly_AnotherIsInstructedCheckedAndRepaired([Values] bool streaming)
    {
        MessagesScript dialect = new();
        RecordedRoute route = RecordingServer.Open(
            dialect.Whole(new Answer { Pieces = ["no number"] }), dialect.Whole(new Answer { Pieces = ["[1, 2]"] }));
        using IChatClient client = dialect.Connect(route, ("StrictOptions", "true"));
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonElement.Parse("""{"type":"array","items":{"type":"integer"}}"""), "numbers") };

        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync()
            : await client.GetResponseAsync("?", options);

        Assert.That(response.Text, Is.EqualTo("[1, 2]"));
        Assert.That(route.Requests, Has.Count.EqualTo(2));
        Assert.That(route.Requests[0].Json.GetRawText(), Does.Contain("integer"));
        Assert.That(response.GetProviderInfo()!.Notes, Has.One.Contains("schemas of objects"));
    }

    // What is refused whatever the options say counts as noted: the caller hears of it.
    private static async Task<(string Sent, IReadOnlyList<string> Notes)> SendAsync(DialectScript provider, ChatOptions options)
    {
        RecordedRoute route = RecordingServer.Open(provider.Whole(new Answer { Pieces = ["\"x\""] }));
        using IChatClient client = provider.Connect(route);
        try
        {
            ChatResponse response = await client.GetResponseAsync("?", options);
            return (route.Requests[0].Json.GetRawText(), response.GetProviderInfo()!.Notes);
        }
        catch (UnsupportedOptionException error)
        {
            return ("", [error.Message]);
        }
    }

    private static async Task<bool> IsRefusedAsync(DialectScript provider, ChatOptions options)
    {
        RecordedRoute route = RecordingServer.Open(provider.Whole(new Answer { Pieces = ["\"x\""] }));
        using IChatClient client = provider.Connect(route, ("StrictOptions", "true"));
        try
        {
            await client.GetResponseAsync("?", options);
            return false;
        }
        catch (UnsupportedOptionException)
        {
            return route.Requests.Count == 0;
        }
    }
}
