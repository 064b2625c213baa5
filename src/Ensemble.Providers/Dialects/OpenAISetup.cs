using System.ClientModel.Primitives;
using OpenAI;

namespace Ensemble;

/// <summary>
/// Sets OpenAI's SDK up so that it neither retries nor times out nor traces: the envelope above owns all three. The key is the guard's to
/// give, and of what the SDK says about itself only its name and version are sent.
/// </summary>
internal static class OpenAISetup
{
    public static OpenAIClient Create(HostedModel model, WireGuard guard, HttpClient http)
    {
        UserAgentPolicy agent = new(typeof(OpenAIClient).Assembly);
        GuardedTransport transport = new(guard, http, agent.UserAgentValue);
        OpenAIClientOptions options = new()
        {
            Endpoint = new Uri(model.Endpoint.AbsoluteUri.TrimEnd('/')),
            Transport = transport,
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
        };
        return new Sdk(ClientPipeline.Create(options, perCallPolicies: [transport.ShortCut], perTryPolicies: [agent], beforeTransportPolicies: []), options);
    }

    // The SDK's own pipeline has policies of its own before the first that can be replaced; each costs every call two continuations.
    private sealed class Sdk(ClientPipeline pipeline, OpenAIClientOptions options) : OpenAIClient(pipeline, options);
}
