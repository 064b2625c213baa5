using System.ClientModel;
using System.ClientModel.Primitives;
using System.Globalization;
using System.Text;
using CsCheck;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;

namespace Ensemble.Providers.Tests;

/// <summary>Pieces of text that are like the one before are made without the SDK and the platform's adapter; what comes out is what those make of them.</summary>
internal sealed class ChatCompletionsStreamTests
{
    private const string Finish = """{"id":"c1","object":"chat.completion.chunk","created":1,"model":"m","choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""";

    // Texts as they stand in the JSON, between their quotes.
    private static readonly string[] Texts = [" word", "", "a", "é한😀", "\\u00e9\\n\\\"q\\\"", "\\ud83d\\ude00", "\\\\", "}],", "\\/", "{\\\"content\\\":\\\"x\\\"}"];

    private static readonly Gen<string> Deltas = Gen.Frequency(
        (12, OneOf(Texts).Select(text => $"\"content\":\"{text}\"")),
        (2, OneOf(Texts).Select(text => $"\"role\":\"assistant\",\"content\":\"{text}\"")),
        (1, OneOf(
            "", "\"content\":null", "\"content\":5", "\"refusal\":\"no\"", "\"content\":\"x\",\"refusal\":\"no\"", "\"content\":\"x\",\"refusal\":null", "\"reasoning_content\":\"think\"",
            "\"content\":\"x\",\"reasoning_content\":\"think\"", "\"content\":\"x\",\"reasoning_content\":null", "\"content\":\"x\",\"content\":\"y\"",
            "\"content\":\"x\",\"function_call\":{\"name\":\"f\",\"arguments\":\"{}\"}", "\"content\":\"x\",\"function_call\":null", "\"content\":\"x\",\"audio\":{\"id\":\"a\",\"data\":\"AAAA\"}",
            "\"tool_calls\":[{\"index\":0,\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]")));

    private static readonly Gen<string> Chunks = Gen.Select(
        Deltas, Gen.Frequency((8, Gen.Const("c1")), (1, Gen.Const("c2"))), Gen.Frequency((8, Gen.Const(1)), (1, Gen.Const(2))), Gen.Frequency((8, Gen.Const("m")), (1, Gen.Const("n"))), Gen.Int[0, 7],
        (delta, id, created, model, extra) =>
        {
            string noise = new('n', created + delta.Length % 7);
            string before = extra switch { 0 => "\"obfuscation\":\"" + noise + "\",", 1 => "\"service_tier\":\"default\",", 2 => "\"system_fingerprint\":\"fp\",", 3 => "\"provider\":\"p\",", _ => "" };
            string after = extra switch { 4 => ",\"obfuscation\":\"" + noise + "\"", 5 => ",\"usage\":null", 6 => ",\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2,\"total_tokens\":3}", _ => "" };
            string second = extra == 7 && id == "c2" ? ",{\"index\":1,\"delta\":{\"content\":\"other\"},\"finish_reason\":null}" : "";
            return string.Create(CultureInfo.InvariantCulture, $$"""{"id":"{{id}}","object":"chat.completion.chunk","created":{{created}},"model":"{{model}}",{{before}}"choices":[{"index":0,"delta":{{{delta}}},"finish_reason":null}{{second}}]{{after}}}""");
        });

    [Test]
    public void Streaming_AnyChunks_GivesWhatTheAdapterGives() =>
        Chunks.Array[1, 12].Select(Gen.Int[1, 3], static (chunks, repeats) => chunks.SelectMany(chunk => Enumerable.Repeat(chunk, repeats)).ToArray()).Sample(
            static chunks =>
            {
                byte[] bytes = Bytes([.. chunks, Finish]);
                List<string> expected = Describe(Adapter(bytes));
                List<string> got = Describe(Hosted(bytes));
                Assert.That(got.Take(expected.Count), Is.EqualTo(expected), string.Join('\n', chunks));
            },
            iter: 400, threads: 1);

    [Test]
    public async Task Streaming_PiecesAlike_KeepTheTextTheRawRepresentationAndWhoSaidIt()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Hosted(Bytes([Piece("One"), Piece(" two"), Piece(" \\u0074hree"), Finish])))
        {
            updates.Add(update);
        }

        Assert.That(updates.ToChatResponse().Text, Is.EqualTo("One two three"));
        foreach (ChatResponseUpdate piece in updates.Take(3))
        {
            StreamingChatCompletionUpdate raw = (StreamingChatCompletionUpdate)piece.RawRepresentation!;
            Assert.That((raw.CompletionId, raw.ContentUpdate[0].Text, raw.Role, raw.Model), Is.EqualTo(("c1", piece.Text, ChatMessageRole.Assistant, "m")));
            Assert.That((piece.ResponseId, piece.MessageId, piece.ModelId, piece.Role, piece.CreatedAt), Is.EqualTo(("c1", "c1", "m", ChatRole.Assistant, DateTimeOffset.FromUnixTimeSeconds(1))));
        }
    }

    [Test]
    public async Task Streaming_CallerChangesAnUpdate_TheNextPieceIsNotChangedWithIt()
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in Hosted(Bytes([Piece("One"), Piece(" two"), Finish])))
        {
            updates.Add(update);
            update.ResponseId = "mine";
            update.Contents.Clear();
        }

        Assert.That(updates[1].RawRepresentation, Is.Not.SameAs(updates[0].RawRepresentation));
        Assert.That(((StreamingChatCompletionUpdate)updates[1].RawRepresentation!).ContentUpdate[0].Text, Is.EqualTo(" two"));
    }

#pragma warning disable SCME0001 // The patch is how the SDK keeps what it does not know.
    [Test]
    public async Task Streaming_AFieldTheSdkDoesNotKnow_StandsOnTheFirstPieceThatSaysIt()
    {
        List<bool> knowsProvider = [];
        await foreach (ChatResponseUpdate update in Hosted(Bytes([Piece("One", "p"), Piece(" two", "p"), Piece(" three", "q"), Finish])))
        {
            if (update.RawRepresentation is StreamingChatCompletionUpdate { FinishReason: null } raw)
            {
                knowsProvider.Add(raw.Patch.Contains("$.provider"u8));
            }
        }

        Assert.That(knowsProvider, Is.EqualTo([true, false, true]));
    }
#pragma warning restore SCME0001

    [TestCase("\"content\":\"\\ud83d\"", TestName = "Streaming_HalfACharacterAfterAPiece_FailsAsTheSdkFails")]
    [TestCase("\"content\":\"\\x\"", TestName = "Streaming_AnEscapeThatIsNoneAfterAPiece_FailsAsTheSdkFails")]
    [TestCase("\"content\":\"a\tb\"", TestName = "Streaming_AControlCharacterAfterAPiece_FailsAsTheSdkFails")]
    public async Task Streaming_UnreadablePiece_FailsAfterWhatCameBefore(string delta)
    {
        StringBuilder received = new();
        ProviderException? error = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (ChatResponseUpdate update in Hosted(Bytes([Piece("One"), Piece(" two"), Piece(" two").Replace("\"content\":\" two\"", delta, StringComparison.Ordinal), Finish])))
            {
                received.Append(update.Text);
            }
        });

        Assert.That(received.ToString(), Is.EqualTo("One two"));
        Assert.That(error!.Failure.Class, Is.EqualTo(FailureClass.Protocol));
    }

    [TestCase("""{"error":{"message":"cut \ud83d","type":"server_error","code":"overloaded"}}""", FailureClass.Overloaded)]
    [TestCase("""{"choices":[{"index":0,"delta":{},"finish_reason":"\ud83d"}]}""", FailureClass.Protocol)]
    [TestCase("""{"cut \ud83d":1,"choices":[{"index":0,"delta":{},"finish_reason":"stop"}]}""", FailureClass.Protocol)]
    public async Task Streaming_HalfACharacterInAnEventThatTheGuardReads_FailsAfterWhatCameBefore(string last, FailureClass expected)
    {
        StringBuilder received = new();
        ProviderException? error = await Assert.ThrowsAsync<ProviderException>(async () =>
        {
            await foreach (ChatResponseUpdate update in Hosted(Bytes([Piece("One"), Piece(" two"), last])))
            {
                received.Append(update.Text);
            }
        });

        Assert.That((received.ToString(), error!.Failure.Class), Is.EqualTo(("One two", expected)));
    }

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static string Piece(string text, string? provider = null)
    {
        string own = provider is null ? "" : $"\"provider\":\"{provider}\",";
        return "{\"id\":\"c1\",\"object\":\"chat.completion.chunk\",\"created\":1,\"model\":\"m\"," + own + "\"choices\":[{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"" + text + "\"},\"finish_reason\":null}]}";
    }

    private static byte[] Bytes(IEnumerable<string> chunks) => Encoding.UTF8.GetBytes(string.Concat(chunks.Append("[DONE]").Select(chunk => $"data: {chunk}\n\n")));

    private static async IAsyncEnumerable<ChatResponseUpdate> Hosted(byte[] bytes)
    {
        using PiecesHandler handler = new("text/event-stream", [bytes]);
        using HostedChatClient client = new(FuzzedStreamTests.Model(new ChatScript()), handler);
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?"))
        {
            yield return update;
        }
    }

    private static async IAsyncEnumerable<ChatResponseUpdate> Adapter(byte[] bytes)
    {
        using PiecesHandler handler = new("text/event-stream", [bytes]);
        using HttpClient http = new(handler);
        OpenAIClient sdk = new(new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:1/"), Transport = new HttpClientPipelineTransport(http) });
        using IChatClient client = sdk.GetChatClient("m").AsIChatClient();
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?"))
        {
            yield return update;
        }
    }

    private static List<string> Describe(IAsyncEnumerable<ChatResponseUpdate> updates) => [.. updates.ToBlockingEnumerable().Select(Describe)];

    private static string Describe(ChatResponseUpdate update)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{update.Role} {update.ResponseId} {update.MessageId} {update.ModelId} {update.CreatedAt:O} {update.FinishReason} [");
        foreach (AIContent content in update.Contents)
        {
            text.Append(CultureInfo.InvariantCulture, $"{content.GetType().Name}/{content.RawRepresentation?.GetType().Name}:");
            text.Append(content switch
            {
                TextContent own => own.Text,
                TextReasoningContent own => own.Text,
                ErrorContent own => own.Message,
                FunctionCallContent own => $"{own.CallId} {own.Name}",
                UsageContent own => own.Details.TotalTokenCount?.ToString(CultureInfo.InvariantCulture),
                _ => "?",
            });
            text.Append(';');
        }

        text.Append(']');
        if (update.RawRepresentation is StreamingChatCompletionUpdate raw)
        {
#pragma warning disable OPENAI001, CS0618 // The service tier and audio are experimental, the one call of a function is obsolete.
            text.Append(CultureInfo.InvariantCulture, $" {raw.CompletionId} {raw.Model} {raw.CreatedAt:O} {raw.Role} {raw.FinishReason} {raw.RefusalUpdate} {raw.ServiceTier} {raw.SystemFingerprint} {raw.Usage?.TotalTokenCount} {raw.ToolCallUpdates.Count} {raw.FunctionCallUpdate?.FunctionName} {raw.OutputAudioUpdate?.TranscriptUpdate}");
#pragma warning restore OPENAI001, CS0618
            text.Append(CultureInfo.InvariantCulture, $" {string.Concat(raw.ContentUpdate.Select(part => $"<{part.Kind}:{part.Text}>"))}");
        }

        return text.ToString();
    }
}
