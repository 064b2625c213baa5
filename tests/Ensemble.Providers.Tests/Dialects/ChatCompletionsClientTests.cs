using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;
using OpenAI;
using OpenAI.Chat;
using ChatMessage = Microsoft.Extensions.AI.ChatMessage;

namespace Ensemble.Providers.Tests;

/// <summary>Plain text goes to the SDK and back by a shorter way than the platform's adapter; what the provider gets and the caller has is the same.</summary>
internal sealed class ChatCompletionsClientTests
{
    private static readonly Gen<string> Answers = Gen.Select(
        OneOf("\"content\":\"Hi\"", "\"content\":\"Hi\"", "\"content\":\"\"", "\"content\":null", "\"content\":\"Hi\",\"refusal\":null", "\"content\":\"Hi\",\"refusal\":\"no\"",
            "\"content\":\"Hi\",\"reasoning_content\":\"think\"", "\"content\":\"Hi\",\"annotations\":[]",
            "\"content\":\"Hi\",\"annotations\":[{\"type\":\"url_citation\",\"url_citation\":{\"start_index\":0,\"end_index\":1,\"title\":\"t\",\"url\":\"http://a/\"}}]",
            "\"content\":null,\"tool_calls\":[{\"id\":\"t\",\"type\":\"function\",\"function\":{\"name\":\"f\",\"arguments\":\"{}\"}}]"),
        OneOf("stop", "length", "content_filter", "tool_calls"),
        OneOf("", ",\"usage\":null", ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8,\"total_tokens\":17}",
            ",\"usage\":{\"prompt_tokens\":9,\"completion_tokens\":8,\"total_tokens\":17,\"prompt_tokens_details\":{\"cached_tokens\":3,\"audio_tokens\":1},\"completion_tokens_details\":{\"reasoning_tokens\":2,\"audio_tokens\":4,\"accepted_prediction_tokens\":5,\"rejected_prediction_tokens\":6}}"),
        OneOf("", ",\"service_tier\":\"default\",\"system_fingerprint\":\"fp\"", ",\"provider\":\"p\""),
        static (message, finish, usage, other) =>
            "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\"," + message + "},\"finish_reason\":\"" + finish + "\"}]" + usage + other + "}");

    private static readonly Gen<ChatMessage> Messages = Gen.Select(
        Gen.Int[0, 3], Gen.Int[0, 9], OneOf("Hello", "", "é\n\"", "more"),
        static (role, shape, text) => new ChatMessage(
            role switch { 0 => ChatRole.System, 1 => ChatRole.Assistant, 2 => new ChatRole("developer"), _ => ChatRole.User },
            shape switch { 0 => [new TextContent(text), new TextContent("two")], 1 => [new DataContent("data:image/png;base64,AAAA")], 2 => [new TextContent(text) { RawRepresentation = ChatMessageContentPart.CreateTextPart(text) }], 4 => [], _ => [new TextContent(text)] })
        { AuthorName = shape == 3 ? "A. N." : null, RawRepresentation = shape == 5 ? new object() : null });

    private static readonly Gen<ChatOptions?> Options = Gen.Select(
        Gen.Int[0, 4], Gen.Float[0, 1], Gen.Int[1, 1000], Gen.Int[0, 255],
        static (kind, number, count, bits) => kind == 0 ? null : new ChatOptions
        {
            Temperature = Has(bits, 0) ? number : null,
            TopP = Has(bits, 1) ? number : null,
            FrequencyPenalty = Has(bits, 2) ? number : null,
            PresencePenalty = Has(bits, 3) ? number : null,
            MaxOutputTokens = Has(bits, 4) ? count : null,
            Seed = Has(bits, 5) ? count : null,
            StopSequences = Has(bits, 6) ? ["end", "stop"] : null,
            Instructions = Has(bits, 7) ? "Be brief." : null,
            ResponseFormat = kind == 1 ? Microsoft.Extensions.AI.ChatResponseFormat.Json : null,
            Reasoning = kind == 2 ? new() { Effort = ReasoningEffort.Low } : null,
            Tools = kind == 3 ? [AIFunctionFactory.Create(static () => 1, "one")] : null,
        });

    [Test]
    public void Asking_AnyMessagesAndOptions_SendsWhatTheAdapterSends() => Gen.Select(Messages.List[1, 4], Options).Sample(
        static (messages, options) => Assert.That(Ask(Hosted, Text, messages, options).Request, Is.EqualTo(Ask(Adapter, Text, messages, options).Request)), iter: 300, threads: 1);

    [Test]
    public void Asking_AnyAnswer_GivesWhatTheAdapterGives() => Answers.Sample(
        static answer => Assert.That(Ask(Hosted, answer, [new(ChatRole.User, "?")], null).Response, Is.EqualTo(Ask(Adapter, answer, [new(ChatRole.User, "?")], null).Response), answer), iter: 300, threads: 1);

    [Test]
    public async Task Asking_WhileAnActivityOfAChatIsRecorded_WritesWhatTheAdapterWrites()
    {
        using ActivitySource source = new("test");
        using ActivityListener listener = new() { ShouldListenTo = own => own == source, Sample = static (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded };
        ActivitySource.AddActivityListener(listener);
        using Activity activity = source.StartActivity("chat m")!;
        using Recorder recorder = new("{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"m\",\"system_fingerprint\":\"fp\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}");
        using IChatClient client = Hosted(recorder);

        await client.GetResponseAsync("?");

        Assert.That(activity.GetTagItem("openai.response.system_fingerprint"), Is.EqualTo("fp"));
    }

    private static string Text => "{\"id\":\"c1\",\"object\":\"chat.completion\",\"created\":7,\"model\":\"m\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\",\"content\":\"Hi\"},\"finish_reason\":\"stop\"}]}";

    private static bool Has(int bits, int bit) => (bits & (1 << bit)) != 0;

    private static Gen<string> OneOf(params string[] values) => Gen.Int[0, values.Length - 1].Select(i => values[i]);

    private static IChatClient Hosted(Recorder recorder) => new HostedChatClient(FuzzedStreamTests.Model(new ChatScript()), recorder);

    private static IChatClient Adapter(Recorder recorder) => new OpenAIClient(
        new ApiKeyCredential("k"),
        new OpenAIClientOptions { Endpoint = new Uri("http://127.0.0.1:1/"), Transport = new HttpClientPipelineTransport(new HttpClient(recorder)) }).GetChatClient("test-model").AsIChatClient();

    private static (string? Request, string Response) Ask(Func<Recorder, IChatClient> connect, string answer, IList<ChatMessage> messages, ChatOptions? options)
    {
        using Recorder recorder = new(answer);
        using IChatClient client = connect(recorder);
        string response;
        try
        {
            response = Describe(client.GetResponseAsync(messages, options).GetAwaiter().GetResult());
        }
        catch (Exception error) when (error is ProviderException or ClientResultException)
        {
            response = "failed";
        }

        return (recorder.Request, response);
    }

    private static string Describe(ChatResponse response)
    {
        StringBuilder text = new();
        text.Append(CultureInfo.InvariantCulture, $"{response.ResponseId} {response.ModelId} {response.CreatedAt:O} {response.FinishReason} {response.RawRepresentation?.GetType().Name} ");
        if (response.Usage is { } usage)
        {
            text.Append(JsonSerializer.Serialize(usage, AIJsonUtilities.DefaultOptions));
        }

        foreach (ChatMessage message in response.Messages)
        {
            text.Append(CultureInfo.InvariantCulture, $" {message.Role} {message.MessageId} {message.CreatedAt:O} {message.AuthorName} {message.RawRepresentation?.GetType().Name}");
            foreach (AIContent content in message.Contents.Where(content => content is not TextReasoningContent))
            {
                text.Append(CultureInfo.InvariantCulture, $" {content.RawRepresentation?.GetType().Name} {JsonSerializer.Serialize(content, AIJsonUtilities.DefaultOptions)}");
            }

            // Who signed it is ours.
            text.Append(string.Concat(message.Contents.OfType<TextReasoningContent>().Select(content => content.Text)));
        }

        return text.ToString();
    }

    private sealed class Recorder(string answer) : HttpMessageHandler
    {
        public string? Request { get; private set; }

        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Request = await request.Content!.ReadAsStringAsync(cancellationToken);
            return new HttpResponseMessage(HttpStatusCode.OK) { Content = new StringContent(answer, Encoding.UTF8, new MediaTypeHeaderValue("application/json")), RequestMessage = request };
        }
    }
}
