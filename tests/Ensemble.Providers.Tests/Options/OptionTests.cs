using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>Options pass through; one that a provider cannot honour is noted or refused, never ignored in silence.</summary>
internal sealed class OptionTests
{
    private static readonly ChatScript Chat = new();

    public static IEnumerable<TestCaseData> Dropped =>
    [
        new TestCaseData(new MessagesScript(), new ChatOptions { Temperature = 0.5f }, "temperature"),
        new TestCaseData(new MessagesScript(), new ChatOptions { TopP = 0.5f }, "top_p"),
        new TestCaseData(new MessagesScript(), new ChatOptions { Seed = 7 }, "seed"),
        new TestCaseData(new MessagesScript(), new ChatOptions { FrequencyPenalty = 1 }, "frequency_penalty"),
        new TestCaseData(new MessagesScript(), new ChatOptions { ResponseFormat = ChatResponseFormat.Json }, "JSON without a schema"),
        new TestCaseData(new ResponsesScript(), new ChatOptions { StopSequences = ["x"] }, "stop"),
        new TestCaseData(new ChatScript(), new ChatOptions { TopK = 5 }, "top_k"),
        new TestCaseData(new ChatScript(), new ChatOptions { ConversationId = "c" }, "conversation id"),
        new TestCaseData(new ChatScript(), new ChatOptions { Reasoning = new() { Output = ReasoningOutput.Full } }, "reasoning output"),
        new TestCaseData(new OllamaScript(), new ChatOptions().WithLogProbabilities(), "logprobs"),
    ];

    [TestCaseSource(nameof(Dropped))]
    public async Task Option_TheProviderCannotHonourIt_IsNotedInTheReceipt(DialectScript dialect, ChatOptions options, string name)
    {
        foreach (bool streaming in new[] { false, true })
        {
            RecordedRoute route = RecordingServer.Open(dialect.PlayOf(new Answer(), streaming));
            using IChatClient client = dialect.Connect(route);
            ChatResponse response = streaming
                ? await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync()
                : await client.GetResponseAsync("?", options);
            Assert.That(response.GetProviderInfo()!.Notes, Has.One.StartsWith(name));
            Assert.That(response.GetReceipt()!.Attempts.Single().Note, Does.StartWith(name));
        }
    }

    [TestCaseSource(nameof(Dropped))]
    public async Task Option_TheProviderCannotHonourIt_IsRefusedWhenOptionsAreStrict(DialectScript dialect, ChatOptions options, string name)
    {
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer()));
        using IChatClient client = dialect.Connect(route, ("StrictOptions", "true"));
        UnsupportedOptionException error = (await Assert.ThrowsAsync<UnsupportedOptionException>(async () => await client.GetResponseAsync("?", options)))!;
        Assert.That(error.Message, Does.StartWith(name));
        Assert.That(route.Requests, Is.Empty);
    }

    [Test]
    public async Task Options_OpenAI_PassThrough()
    {
        JsonElement sent = await SendAsync(Chat, "openai", new ChatOptions
        {
            Temperature = 0.5f,
            TopP = 0.25f,
            FrequencyPenalty = 1,
            PresencePenalty = -1,
            Seed = 42,
            StopSequences = ["END"],
            MaxOutputTokens = 99,
            Reasoning = new() { Effort = ReasoningEffort.Low },
        });
        Assert.That(sent.GetProperty("temperature").GetDouble(), Is.EqualTo(0.5));
        Assert.That(sent.GetProperty("top_p").GetDouble(), Is.EqualTo(0.25));
        Assert.That(sent.GetProperty("frequency_penalty").GetDouble(), Is.EqualTo(1));
        Assert.That(sent.GetProperty("presence_penalty").GetDouble(), Is.EqualTo(-1));
        Assert.That(sent.GetProperty("seed").GetInt64(), Is.EqualTo(42));
        Assert.That(sent.GetProperty("stop")[0].GetString(), Is.EqualTo("END"));
        Assert.That(sent.GetProperty("max_completion_tokens").GetInt32(), Is.EqualTo(99));
        Assert.That(sent.GetProperty("reasoning_effort").GetString(), Is.EqualTo("low"));
        Assert.That(sent.GetProperty("model").GetString(), Is.EqualTo("test-model"));
    }

    [Test]
    public async Task MaxOutputTokens_EachPreset_UsesItsOwnField([Values] bool streaming)
    {
        foreach (ProviderPreset preset in ProviderPresets.All.Where(p => p.Protocol == "chat"))
        {
            RecordedRoute route = RecordingServer.Open(Chat.PlayOf(new Answer(), streaming));
            using IChatClient client = Chat.Connect(preset.Name, route);
            ChatOptions options = new() { MaxOutputTokens = 77 };
            _ = streaming ? await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync() : await client.GetResponseAsync("?", options);
            JsonElement sent = route.Requests.Single().Json;
            string[] fields = [.. new[] { "max_tokens", "max_completion_tokens" }.Where(field => sent.TryGetProperty(field, out _))];
            Assert.That(fields, Is.EqualTo([preset.OutputLimitField]), preset.Name);
            Assert.That(sent.GetProperty(preset.OutputLimitField).GetInt32(), Is.EqualTo(77));
        }
    }

    [Test]
    public async Task TopK_ServerOfOnesOwn_IsSent()
    {
        JsonElement sent = await SendAsync(Chat, "openai-compatible", new ChatOptions { TopK = 5 });
        Assert.That(sent.GetProperty("top_k").GetInt32(), Is.EqualTo(5));
    }

    [Test]
    public async Task RawRepresentationFactory_OfTheCaller_IsKeptBesideOurs()
    {
        JsonElement sent = await SendAsync(Chat, "openai-compatible", new ChatOptions
        {
            TopK = 5,
            RawRepresentationFactory = _ => new OpenAI.Chat.ChatCompletionOptions { EndUserId = "someone" },
        }.WithLogProbabilities(2));
        Assert.That(sent.GetProperty("user").GetString(), Is.EqualTo("someone"));
        Assert.That(sent.GetProperty("top_k").GetInt32(), Is.EqualTo(5));
        Assert.That(sent.GetProperty("top_logprobs").GetInt32(), Is.EqualTo(2));
    }

    [Test]
    public async Task ToolMode_None_ReachesNoTool([ValueSource(typeof(DialectScript), nameof(DialectScript.All))] DialectScript dialect)
    {
        AIFunctionDeclaration tool = AIFunctionFactory.CreateDeclaration("weather", "The weather.", JsonElement.Parse("""{"type":"object","properties":{}}"""));
        JsonElement sent = await SendAsync(dialect, dialect.Preset, new ChatOptions { Tools = [tool], ToolMode = ChatToolMode.None });
        bool isNone = sent.TryGetProperty("tool_choice", out JsonElement choice) && choice.GetRawText().Contains("none", StringComparison.Ordinal);
        Assert.That(isNone || !sent.TryGetProperty("tools", out JsonElement tools) || tools.ValueKind == JsonValueKind.Null, Is.True);
    }

    [Test]
    public async Task Image_GivenAsBytes_IsSent([ValueSource(typeof(DialectScript), nameof(DialectScript.All))] DialectScript dialect)
    {
        byte[] pixels = [1, 2, 3, 4, 5, 6];
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer()));
        using IChatClient client = dialect.Connect(route, ("StrictOptions", "true"));
        await client.GetResponseAsync(new ChatMessage(ChatRole.User, [new TextContent("What is this?"), new DataContent(pixels, "image/png")]));
        Assert.That(route.Requests.Single().Json.GetRawText(), Does.Contain(Convert.ToBase64String(pixels)));
    }

    [Test]
    public async Task Content_TheAdapterWouldLose_IsRefusedOrNoted()
    {
        ChatMessage message = new(ChatRole.User, [new TextContent("?"), new DataContent(new byte[] { 1 }, "application/zip")]);
        RecordedRoute route = RecordingServer.Open(Chat.Whole(new Answer()));
        using IChatClient strict = Chat.Connect(route, ("StrictOptions", "true"));
        await Assert.ThrowsAsync<UnsupportedOptionException>(async () => await strict.GetResponseAsync(message));
        using IChatClient lenient = Chat.Connect(route);
        Assert.That((await lenient.GetResponseAsync(message)).GetProviderInfo()!.Notes, Has.One.Contains("application/zip"));
    }

    [Test]
    public async Task WhatAMessageSays_IsWhatIsSent_WhateverItsRawRepresentationSays([Values("whole", "part", "block", "item")] string raw, [Values] bool streaming)
    {
        TextContent text = new("my address is hidden");
        ChatMessage message = new(ChatRole.User, [text]);
        const string Hidden = "ada@example.com";
        DialectScript dialect = raw switch { "block" => new MessagesScript(), "item" => new ResponsesScript(), _ => Chat };
        text.RawRepresentation = raw switch
        {
            "part" => OpenAI.Chat.ChatMessageContentPart.CreateTextPart(Hidden),
            "block" => new Anthropic.Models.Messages.ContentBlockParam(new Anthropic.Models.Messages.TextBlockParam { Text = Hidden }),
            _ => null,
        };
#pragma warning disable OPENAI001 // OpenAI's SDK calls its responses experimental; there is no other way to them.
        message.RawRepresentation = raw switch
        {
            "whole" => new OpenAI.Chat.UserChatMessage(Hidden),
            "item" => OpenAI.Responses.ResponseItem.CreateUserMessageItem(Hidden),
            _ => null,
        };
#pragma warning restore OPENAI001
        RecordedRoute route = RecordingServer.Open(dialect.PlayOf(new Answer(), streaming));
        using IChatClient client = dialect.Connect(route);
        ChatResponse response = streaming ? await client.GetStreamingResponseAsync(message).ToChatResponseAsync() : await client.GetResponseAsync(message);
        Assert.That(route.Requests.Single().Json.GetRawText(), Does.Contain("my address is hidden").And.Not.Contain(Hidden));
        Assert.That(response.GetProviderInfo()!.Notes, Has.One.Contains("was not sent"), "who goes by the raw one is told");
        Assert.That(message.Contents.Single(), Is.SameAs(text), "the caller's message is not changed");
    }

    [Test]
    public async Task CallOfATool_IsSentAsItStands_WhateverItsRawRepresentationSays([Values("changed", "same", "unreadable")] string kind)
    {
        const string Raw = """{"to":"ada@example.com","n":1.0}""";
#pragma warning disable OPENAI001 // OpenAI's SDK calls its responses experimental; there is no other way to them.
        OpenAI.Responses.FunctionCallResponseItem raw = new("call_1", "send", BinaryData.FromString(kind == "unreadable" ? "{no" : Raw)) { Id = "fc_1" };
#pragma warning restore OPENAI001
        Dictionary<string, object?>? arguments = kind switch
        {
            "unreadable" => null,
            "same" => JsonSerializer.Deserialize<Dictionary<string, object?>>(Raw),
            _ => new() { ["to"] = "nobody", ["n"] = 1 },
        };
        FunctionCallContent call = new("call_1", "send", arguments) { RawRepresentation = raw };
        RecordedRoute route = RecordingServer.Open(new ResponsesScript().Whole(new Answer()));
        using IChatClient client = new ResponsesScript().Connect(route);
        ChatResponse response = await client.GetResponseAsync([new(ChatRole.User, "q"), new(ChatRole.Assistant, [call]), new(ChatRole.Tool, [new FunctionResultContent("call_1", "done")])]);
        JsonElement sent = route.Requests.Single().Json.GetProperty("input")[1];
        Assert.That(sent.GetProperty("call_id").GetString(), Is.EqualTo("call_1"));
        Assert.That(sent.TryGetProperty("id", out _), Is.EqualTo(kind != "changed"), "the provider's own id goes back with what the provider said");
        Assert.That(sent.GetProperty("arguments").GetString(), kind == "changed" ? Does.Contain("nobody").And.Not.Contain("ada") : Is.EqualTo(kind == "same" ? Raw : "{no"));
        Assert.That(response.GetProviderInfo()?.Notes ?? [], kind == "changed" ? Has.One.Contains("was not sent") : Is.Empty);
    }

    [Test]
    public async Task Options_OfTheCaller_AreNotChanged()
    {
        ChatOptions options = new() { TopK = 3, Temperature = 1, MaxOutputTokens = 5, ModelId = "hint" };
        RecordedRoute route = RecordingServer.Open(new MessagesScript().Whole(new Answer()));
        using IChatClient client = new MessagesScript().Connect(route);
        await client.GetResponseAsync("?", options);
        Assert.That((options.TopK, options.Temperature, options.MaxOutputTokens, options.ModelId), Is.EqualTo((3, 1f, 5, "hint")));
        Assert.That(options.RawRepresentationFactory, Is.Null);
    }

    private static async Task<JsonElement> SendAsync(DialectScript dialect, string preset, ChatOptions options)
    {
        RecordedRoute route = RecordingServer.Open(dialect.Whole(new Answer()));
        using IChatClient client = dialect.Connect(preset, route, ("StrictOptions", "true"));
        await client.GetResponseAsync("?", options);
        return route.Requests.Single().Json;
    }
}
