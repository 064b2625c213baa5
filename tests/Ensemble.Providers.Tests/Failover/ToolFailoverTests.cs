using System.Text.Json;
using System.Text.RegularExpressions;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>A tool call made by one provider and answered to another: the two ids have to agree, in the second one's alphabet.</summary>
internal sealed class ToolFailoverTests
{
    private static readonly AIFunctionDeclaration Weather = AIFunctionFactory.CreateDeclaration(
        "weather", "The weather of a city.", JsonElement.Parse("""{"type":"object","properties":{"city":{"type":"string"}}}"""));

    [Test]
    public async Task ToolResult_AnotherProviderGoesOn_IdsOfCallAndResultAgree(
        [Values("mistral", "openai", "groq")] string preset, [Values("call_with.dots:and/slashes", "toolu_01", "x")] string id)
    {
        RecordedRoute route = RecordingServer.Open(new ChatScript().Whole(new Answer()));
        using IChatClient client = new ChatScript().Connect(preset, route);
        await client.GetResponseAsync(Conversation(id), new() { Tools = [Weather] });

        JsonElement messages = route.Requests.Single().Json.GetProperty("messages");
        string asked = messages[1].GetProperty("tool_calls")[0].GetProperty("id").GetString()!;
        string answered = messages[2].GetProperty("tool_call_id").GetString()!;
        Assert.That(answered, Is.EqualTo(asked));
        Assert.That(asked, preset == "mistral" ? Does.Match("^[A-Za-z0-9]{9}$") : Does.Match("^[A-Za-z0-9_-]{1,64}$"));
    }

    [Test]
    public async Task ToolResult_AnthropicGoesOn_IdsOfCallAndResultAgree()
    {
        RecordedRoute route = RecordingServer.Open(new MessagesScript().Whole(new Answer()));
        using IChatClient client = new MessagesScript().Connect(route);
        await client.GetResponseAsync(Conversation("call.1"), new() { Tools = [Weather] });

        JsonElement messages = route.Requests.Single().Json.GetProperty("messages");
        string asked = messages[1].GetProperty("content")[0].GetProperty("id").GetString()!;
        string answered = messages[2].GetProperty("content")[0].GetProperty("tool_use_id").GetString()!;
        Assert.That(answered, Is.EqualTo(asked));
        Assert.That(asked, Does.Match("^[A-Za-z0-9_-]+$"));
    }

    public static IEnumerable<TestCaseData> Pairs =>
        from first in DialectScript.All
        from second in DialectScript.All
        where first != second
        from streaming in new[] { false, true }
        select new TestCaseData(first, second, streaming) { TestName = $"ToolResult_CallBy_{first}_ResultTo_{second}_{(streaming ? "streamed" : "whole")}" };

    /// <summary>The first provider calls the tool and is overloaded when the result comes; the second one goes on unseen.</summary>
    [TestCaseSource(nameof(Pairs))]
    public async Task ToolResult_RouterFailsOverBetweenCallAndResult_IdsAgree(DialectScript first, DialectScript second, bool streaming)
    {
        Answer call = new() { Pieces = [], End = AnswerEnd.Calls, Calls = [new("call.1/a", "weather", ["{\"city\":\"Bern\"}"])] };
        RecordedRoute caller = RecordingServer.Open(first.PlayOf(call, streaming), first.Error(503, first.CodeOf(FailureClass.Overloaded)));
        RecordedRoute heir = RecordingServer.Open(second.PlayOf(new Answer(), streaming));
        ServiceCollection services = new();
        services.AddEnsemble().AddProviders()
            .AddModel("caller", model => first.Configure(model, first.Preset, caller))
            .AddModel("heir", model => second.Configure(model, second.Preset, heir))
            .AddRouter("router", "caller, heir");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient router = provider.GetRequiredKeyedService<IChatClient>("router");
        ChatOptions options = new() { Tools = [Weather] };
        List<ChatMessage> conversation = [new(ChatRole.User, "The weather?")];
        ChatResponse asked = await AskAsync(router, conversation, options, streaming);
        FunctionCallContent made = asked.Messages.SelectMany(message => message.Contents).OfType<FunctionCallContent>().Single();
        conversation.AddRange(asked.Messages);
        conversation.Add(new ChatMessage(ChatRole.Tool, [new FunctionResultContent(made.CallId, "rain")]));

        ChatResponse answered = await AskAsync(router, conversation, options, streaming);

        Assert.That(answered.Text, Is.EqualTo(new Answer().Text));
        Assert.That(answered.GetReceipt()!.Attempts.Select(attempt => attempt.Outcome), Is.EqualTo([AttemptOutcome.Failed, AttemptOutcome.Answered]));
        string request = heir.Requests.Single().Json.GetRawText();
        Assert.That(request, Does.Contain("rain").And.Contain("Bern").And.Contain("weather"));
        (string Call, string Result)? names = second switch
        {
            ChatScript => ("\"tool_calls\":\\[\\{[^]]*?\"id\":\"([^\"]+)\"", "\"tool_call_id\":\"([^\"]+)\""),
            ResponsesScript => ("\"call_id\":\"([^\"]+)\"", "\"call_id\":\"([^\"]+)\"(?!.*\"call_id\")"),
            MessagesScript => ("\"id\":\"([^\"]+)\"", "\"tool_use_id\":\"([^\"]+)\""),

            // This protocol knows its calls by their names and their order.
            _ => null,
        };
        if (names is { } patterns)
        {
            string callId = Regex.Match(request, patterns.Call).Groups[1].Value;
            Assert.That(callId, Does.Match("^[A-Za-z0-9_-]{1,64}$"), request);
            Assert.That(Regex.Match(request, patterns.Result).Groups[1].Value, Is.EqualTo(callId), request);
        }
    }

    private static Task<ChatResponse> AskAsync(IChatClient client, List<ChatMessage> conversation, ChatOptions options, bool streaming) => streaming
        ? client.GetStreamingResponseAsync([.. conversation], options).ToChatResponseAsync()
        : client.GetResponseAsync([.. conversation], options);

    [Test]
    public async Task Tools_MemberThatCannotCallThem_IsNotAsked([Values] bool streaming)
    {
        // The catalog knows this model, and that it cannot call tools.
        const string withoutTools = "o1-preview";
        ChatScript dialect = new();
        RecordedRoute first = RecordingServer.Open(dialect.PlayOf(new Answer(), streaming));
        RecordedRoute second = RecordingServer.Open(dialect.PlayOf(new Answer(), streaming));
        ServiceCollection services = new();
        services.AddEnsemble().AddProviders()
            .AddModel("old", model => model.OpenAI(withoutTools).At(first.Address).With("ApiKey", DialectScript.Key))
            .AddModel("young", model => model.OpenAI("test-model").At(second.Address).With("ApiKey", DialectScript.Key))
            .AddRouter("router", "old, young");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient router = provider.GetRequiredKeyedService<IChatClient>("router");
        ChatOptions options = new() { Tools = [Weather] };
        ChatResponse response = streaming
            ? await router.GetStreamingResponseAsync("?", options).ToChatResponseAsync()
            : await router.GetResponseAsync("?", options);
        Assert.That(first.Requests, Is.Empty);
        Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Contain("tools"));
    }

    [Test]
    public async Task Reasoning_SignedByAnotherDeployment_IsLeftOut()
    {
        RecordedRoute route = RecordingServer.Open(new MessagesScript().Whole(new Answer()));
        using IChatClient client = new MessagesScript().Connect(route);
        TextReasoningContent foreign = new("secret thoughts") { ProtectedData = "signature", AdditionalProperties = new() { ["ensemble.issuer"] = "openai api.example.com" } };
        ChatResponse response = await client.GetResponseAsync(
            [new(ChatRole.User, "1"), new(ChatRole.Assistant, [foreign, new TextContent("2")]), new(ChatRole.User, "3")]);
        Assert.That(JsonSerializer.Serialize(route.Requests.Single().Json), Does.Not.Contain("signature").And.Not.Contain("thoughts"));
        Assert.That(response.GetProviderInfo()!.Notes, Has.One.Contains("reasoning"));
    }

    [Test]
    public async Task Reasoning_OfAnotherProvider_SealedOrNot_IsLeftOut_WhereItWouldBeRefused(
        [Values("messages", "responses", "chat")] string dialect, [Values("deepseek api.example.com", null)] string? issuer)
    {
        DialectScript script = DialectScript.All.Single(one => one.Name == dialect);
        RecordedRoute route = RecordingServer.Open(script.Whole(new Answer()));
        using IChatClient client = script.Connect(route);
        TextReasoningContent thoughts = new("thoughts") { AdditionalProperties = issuer is null ? null : new() { ["ensemble.issuer"] = issuer } };
        _ = await client.GetResponseAsync([new(ChatRole.User, "1"), new(ChatRole.Assistant, [thoughts, new TextContent("2")]), new(ChatRole.User, "3")]);
        Assert.That(route.Requests.Single().Json.GetRawText(), Does.Not.Contain("thoughts").And.Not.Contain("thinking").And.Not.Contain("reasoning"));
    }

    [Test]
    public async Task Reasoning_OfItsOwn_GoesBack([Values("messages", "responses")] string dialect, [Values] bool throughJson)
    {
        DialectScript script = DialectScript.All.Single(one => one.Name == dialect);
        RecordedRoute route = RecordingServer.Open(script.Whole(new Answer()));
        using IChatClient client = script.Connect(route);
        TextReasoningContent own = new("thoughts") { ProtectedData = "SIGNED", AdditionalProperties = new() { ["ensemble.issuer"] = $"{script.Preset} {route.Address.Host}" } };
        ChatMessage[] messages = [new(ChatRole.User, "1"), new(ChatRole.Assistant, [own, new TextContent("2")]), new(ChatRole.User, "3")];
        messages = throughJson ? JsonSerializer.Deserialize<ChatMessage[]>(JsonSerializer.Serialize(messages, AIJsonUtilities.DefaultOptions), AIJsonUtilities.DefaultOptions)! : messages;
        _ = await client.GetResponseAsync(messages);
        Assert.That(route.Requests.Single().Json.GetRawText(), Does.Contain("thoughts").And.Contain("SIGNED"));
    }

    private static ChatMessage[] Conversation(string id) =>
    [
        new(ChatRole.User, "The weather?"),
        new(ChatRole.Assistant, [new FunctionCallContent(id, "weather", new Dictionary<string, object?> { ["city"] = "Bern" })]),
        new(ChatRole.Tool, [new FunctionResultContent(id, "rain")]),
    ];
}
