using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Providers.Tests;

/// <summary>Structured output at a provider that has none (deepseek in the table): instruct, check, repair once, and say so.</summary>
internal sealed class StructuredAnswerTests
{
    private static readonly ChatScript Chat = new();

    private static readonly ChatResponseFormat Place = ChatResponseFormat.ForJsonSchema(JsonElement.Parse(
        """{"type":"object","properties":{"city":{"type":"string"},"people":{"type":"integer","minimum":1}},"required":["city","people"],"additionalProperties":false}"""));

    [Test]
    public async Task Answer_FitsTheSchema_IsMarkedAndFreedOfItsFence([Values] bool streaming)
    {
        RecordedRoute route = RecordingServer.Open(Whole("```json\n{\"city\":\"Bern\",\"people\":134000}\n```"));
        using IChatClient client = Chat.Connect("deepseek", route);
        ChatResponse response = await AskAsync(client, streaming);
        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Bern\",\"people\":134000}"));
        Assert.That(response.GetProviderInfo()!.Notes, Has.One.Contains("instruction"));
        Assert.That(JsonSerializer.Serialize(route.Requests.Single().Json.GetProperty("messages")), Does.Contain("JSON schema"));
        Assert.That(route.Requests.Single().Json.GetProperty("response_format").GetProperty("type").GetString(), Is.EqualTo("json_object"));
    }

    [TestCase("It is Bern.", "no JSON")]
    [TestCase("{\"city\":\"Bern\"}", "people is missing")]
    [TestCase("{\"city\":\"Bern\",\"people\":0}", "minimum 1")]
    [TestCase("{\"city\":7,\"people\":1}", "must be string")]
    [TestCase("{\"city\":\"Bern\",\"people\":1,\"more\":1}", "must not be there")]
    public async Task Answer_BreaksTheSchema_IsRepairedOnce(string first, string problem)
    {
        RecordedRoute route = RecordingServer.Open(Whole(first), Whole("{\"city\":\"Bern\",\"people\":134000}"));
        using IChatClient client = Chat.Connect("deepseek", route);
        ChatResponse response = await AskAsync(client, streaming: false);
        Assert.That(response.Text, Is.EqualTo("{\"city\":\"Bern\",\"people\":134000}"));
        Assert.That(response.GetProviderInfo()!.Notes, Has.One.Contains(problem));
        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(22), "Both calls are paid for.");
        Assert.That(route.Requests, Has.Count.EqualTo(2));
    }

    [Test]
    public async Task Answer_BreaksTheSchemaTwice_IsAProtocolFailure()
    {
        RecordedRoute route = RecordingServer.Open(Whole("no"));
        using IChatClient client = Chat.Connect("deepseek", route);
        ProviderException error = (await Assert.ThrowsAsync<ProviderException>(async () => await AskAsync(client, streaming: false)))!;
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Protocol));
        Assert.That(route.Requests, Has.Count.EqualTo(2));
        Assert.That((error.Data["ensemble.usage"] as UsageDetails)?.InputTokenCount, Is.EqualTo(22), "both answers were made and are billed");
    }

    [Test]
    public async Task SecondCallThatIsRefused_SaysWhatTheFirstTook([Values] bool streaming)
    {
        RecordedRoute route = RecordingServer.Open(Whole("no"), Chat.Error(429, Chat.CodeOf(FailureClass.RateLimited)));
        using IChatClient client = Chat.Connect("deepseek", route);
        ProviderException error = (await Assert.ThrowsAsync<ProviderException>(async () => await AskAsync(client, streaming)))!;
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.RateLimited));
        Assert.That((error.Data["ensemble.usage.earlier"] as UsageDetails)?.InputTokenCount, Is.EqualTo(11));
    }

    [Test]
    public async Task RequestWithoutAFurtherAttempt_IsNotRepaired_AndSaysWhatItTook([Values] bool streaming, [Values(1, 2)] int attempts)
    {
        RecordedRoute route = RecordingServer.Open(Whole("no"));
        using IChatClient client = Chat.Connect("deepseek", route);
        IChatClient model = client.AsModel("deepseek", new Price { InputPerMillion = 1m, OutputPerMillion = 1m });
        ProviderException error = (await Assert.ThrowsAsync<ProviderException>(async () => await AskAsync(model, streaming, request => request with { MaxAttempts = attempts })))!;
        Assert.That(error.FailureClass, Is.EqualTo(FailureClass.Protocol));
        Assert.That(route.Requests, Has.Count.EqualTo(attempts));
        Assert.That(error.Message, attempts == 1 ? Does.Contain("no attempt, or not the money, to ask once more") : Does.Contain("answered twice"));
        Assert.That((error.Data["ensemble.usage"] as UsageDetails)?.InputTokenCount, Is.EqualTo(11 * attempts));
        Assert.That(error.Receipt!.CostUsd, Is.GreaterThan(0m), "what was made is billed");
    }

    [Test]
    public void OnlyWhoHasNoStructuredOutput_MayAskTwice()
    {
        using IChatClient deepseek = Chat.Connect("deepseek", RecordingServer.Open(Whole("x")));
        using IChatClient openai = Chat.Connect("openai", RecordingServer.Open(Whole("x")));
        Assert.That(deepseek.GetService<MemberTraits>()!.RepairsAnswers, Is.True);
        Assert.That(openai.GetService<MemberTraits>()!.RepairsAnswers, Is.False);
        Assert.That(openai.GetService<MemberTraits>()!.RepairsSchema!(JsonElement.Parse("""{"type":"array"}""")), Is.False);
        using IChatClient anthropic = DialectScript.All.Single(dialect => dialect.Preset == "anthropic").Connect("anthropic", RecordingServer.Open(Whole("x")));
        Func<JsonElement, bool> repairs = anthropic.GetService<MemberTraits>()!.RepairsSchema!;
        Assert.That(repairs(JsonElement.Parse("""{"type":"array"}""")), Is.True, "the adapter takes objects only");
        Assert.That(repairs(JsonElement.Parse("""{"type":"object","properties":{}}""")), Is.False);
    }

    [TestCase("""{"type":"array","items":{"enum":["a","b"]},"minItems":1}""", """["a","b"]""", null)]
    [TestCase("""{"type":"array","items":{"enum":["a","b"]}}""", """["a","c"]""", "$[1]")]
    [TestCase("""{"type":"array","minItems":1}""", "[]", "minItems")]
    [TestCase("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "null", null)]
    [TestCase("""{"anyOf":[{"type":"string"},{"type":"null"}]}""", "1", "$")]
    [TestCase("""{"type":["string","null"]}""", "true", "$")]
    [TestCase("""{"$defs":{"n":{"type":"integer"}},"type":"object","properties":{"x":{"$ref":"#/$defs/n"}}}""", """{"x":1.5}""", "$.x")]
    [TestCase("""{"$defs":{"t":{"type":"object","properties":{"next":{"$ref":"#/$defs/t"}},"additionalProperties":false}},"$ref":"#/$defs/t"}""", """{"next":{"next":{"other":1}}}""", "$.next.next.other")]
    [TestCase("""{"const":{"a":[1,2]}}""", """{"a":[1,2]}""", null)]
    [TestCase("""{"type":"string","maxLength":2}""", "\"äöü\"", "maxLength")]
    public void Schema_Value_IsJudged(string schema, string value, string? problem) =>
        Assert.That(
            JsonSchemaCheck.Find(JsonElement.Parse(value), JsonElement.Parse(schema)),
            problem is null ? Is.Null : Does.Contain(problem));

    private static Play Whole(string text) => Chat.Whole(new Answer { Pieces = [text] });

    private static async Task<ChatResponse> AskAsync(IChatClient client, bool streaming, Func<EnsembleRequest, EnsembleRequest>? asked = null)
    {
        ChatOptions options = new() { ResponseFormat = Place };
        options = asked is null ? options : options.WithEnsemble(asked);
        return streaming ? await client.GetStreamingResponseAsync("?", options).ToChatResponseAsync() : await client.GetResponseAsync("?", options);
    }
}
