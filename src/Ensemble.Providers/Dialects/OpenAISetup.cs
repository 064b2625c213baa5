using System.ClientModel;
using System.ClientModel.Primitives;
using OpenAI;

namespace Ensemble;

/// <summary>Sets OpenAI's SDK up so that it neither retries nor times out nor traces: the envelope above owns all three.</summary>
internal static class OpenAISetup
{
    public static OpenAIClient Create(HostedModel model, HttpClient http, string key) => new(
        new ApiKeyCredential(key),
        new OpenAIClientOptions
        {
            Endpoint = new Uri(model.Endpoint.AbsoluteUri.TrimEnd('/')),
            Transport = new HttpClientPipelineTransport(http),
            RetryPolicy = new ClientRetryPolicy(maxRetries: 0),
            NetworkTimeout = Timeout.InfiniteTimeSpan,
            EnableDistributedTracing = false,
        });
}
