using System.ClientModel;
using System.ClientModel.Primitives;
using System.Net;
using System.Net.Http.Headers;
using System.Text;
using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace Ensemble.Benchmarks.Hosted;

/// <summary>What the guard and the leaf cost by themselves: the platform's adapter and a hosted model over the same answers, without a socket.</summary>
[MemoryDiagnoser]
public class HostedInProcess : IDisposable
{
    private const string Whole = """{"id":"chatcmpl-1","object":"chat.completion","created":1700000000,"model":"mock","choices":[{"index":0,"message":{"role":"assistant","content":"The quick brown fox jumps over a lazy dog and then rests for a while in the shade of an old oak tree, thinking about nothing in particular.","refusal":null},"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":100,"completion_tokens":30,"total_tokens":130,"prompt_tokens_details":{"cached_tokens":0},"completion_tokens_details":{"reasoning_tokens":0}}}""";

    private IChatClient _adapter = null!;
    private HostedChatClient _hosted = null!;

    /// <summary>Gets or sets whether the answer is a stream of 100 pieces.</summary>
    [Params(false, true)]
    public bool Streaming { get; set; }

    /// <summary>Connects both.</summary>
    [GlobalSetup]
    public void Connect()
    {
        StringBuilder stream = new();
        for (int i = 0; i < 100; i++)
        {
            stream.Append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"mock\",\"system_fingerprint\":\"fp\",\"choices\":[{\"index\":0,\"delta\":{\"content\":\" word\"},\"logprobs\":null,\"finish_reason\":null}]}\n\n");
        }

        stream.Append("data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1700000000,\"model\":\"mock\",\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n");
        Canned canned = new(Encoding.UTF8.GetBytes(Whole), Encoding.UTF8.GetBytes(stream.ToString()), Streaming);
        Uri endpoint = new("http://127.0.0.1:1/v1");
        _adapter = new OpenAIClient(new ApiKeyCredential("k"), new OpenAIClientOptions
        {
            Endpoint = endpoint,
            RetryPolicy = new ClientRetryPolicy(0),
            Transport = new HttpClientPipelineTransport(new HttpClient(canned)),
        }).GetChatClient("mock").AsIChatClient();
        _hosted = ConnectHosted(endpoint, canned);
    }

    /// <summary>Closes both.</summary>
    [GlobalCleanup]
    public void Dispose()
    {
        _adapter.Dispose();
        _hosted.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>The platform's adapter on the SDK.</summary>
    [Benchmark(Baseline = true)]
    public Task<int> Adapter() => AskAsync(_adapter);

    /// <summary>A hosted model.</summary>
    [Benchmark]
    public Task<int> Hosted() => AskAsync(_hosted);

    private static HostedChatClient ConnectHosted(Uri endpoint, Canned canned)
    {
        ProviderPresets.TryFind("openai-compatible", out ProviderPreset? preset);
        ModelRegistration registration = new()
        {
            Name = "m",
            Provider = "openai-compatible",
            Model = "mock",
            Path = "benchmark",
            Settings = new Dictionary<string, string> { ["Endpoint"] = endpoint.AbsoluteUri },
        };
        return new HostedChatClient(new HostedModelProvider(preset!).Describe(registration, new ServiceCollection().BuildServiceProvider()), canned);
    }

    private async Task<int> AskAsync(IChatClient client)
    {
        if (!Streaming)
        {
            return (await client.GetResponseAsync("Hello")).Text.Length;
        }

        int length = 0;
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("Hello"))
        {
            length += update.Text.Length;
        }

        return length;
    }

    private sealed class Canned(byte[] whole, byte[] stream, bool streaming) : HttpMessageHandler
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            StreamContent content = new(new MemoryStream(streaming ? stream : whole));
            content.Headers.ContentType = new MediaTypeHeaderValue(streaming ? "text/event-stream" : "application/json");
            return Task.FromResult(new HttpResponseMessage(HttpStatusCode.OK) { Content = content, RequestMessage = request });
        }
    }
}
