using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics.CodeAnalysis;
using System.Text;
using Anthropic.Exceptions;
using OllamaSharp.Models.Exceptions;

namespace Ensemble;

/// <summary>
/// Tells the engine what the SDKs' own exceptions mean, for clients of an application's own that have no guard beneath them; and what
/// a <see cref="ProviderException"/> says. Safe for use by several threads.
/// </summary>
internal sealed class SdkFailureClassifier(TimeProvider? time = null) : IFailureClassifier
{
    private readonly TimeProvider _time = time ?? TimeProvider.System;

    public bool TryClassify(Exception exception, [NotNullWhen(true)] out Failure? failure)
    {
        if (exception is ProviderException provider)
        {
            failure = provider.Failure;
            return true;
        }

        bool known = TryClassify(exception, _time, out Failure found);
        failure = known ? found : null;
        return known;
    }

    public static bool TryClassify(Exception exception, TimeProvider time, out Failure failure)
    {
        failure = exception switch
        {
            ClientResultException { Status: > 0 } openai => OfOpenAI(openai, time),
            AnthropicApiException anthropic => OfBody((int)anthropic.StatusCode, anthropic.ResponseBody, headers: null, time),
            AnthropicSseException sse => OfBody(200, Quoted(sse.Message), headers: null, time),
            AnthropicInvalidDataException => new(FailureClass.Protocol),
            AnthropicIOException => new(FailureClass.Transport),
            ModelDoesNotSupportToolsException => new(FailureClass.UnsupportedOption),
            ResponseError or OllamaException => OfBody(400, exception.Message, headers: null, time),
            _ => default,
        };
        return failure != default;
    }

    /// <summary>The SDK wraps the event in words of its own; the JSON inside is what counts.</summary>
    private static string Quoted(string message)
    {
        int start = message.IndexOf('{', StringComparison.Ordinal);
        int end = message.LastIndexOf('}');
        return start >= 0 && end > start ? message[start..(end + 1)] : message;
    }

    private static Failure OfOpenAI(ClientResultException error, TimeProvider time)
    {
        PipelineResponse? response = error.GetRawResponse();
        Dictionary<string, string>? headers = response?.Headers.ToDictionary(header => header.Key, header => header.Value, StringComparer.OrdinalIgnoreCase);
        return OfBody(error.Status, response?.Content?.ToString() ?? error.Message, headers, time);
    }

    private static Failure OfBody(int status, string body, Dictionary<string, string>? headers, TimeProvider time)
    {
        FailureClass failure = ErrorBody.Classify(status, ErrorFacts.Read(Encoding.UTF8.GetBytes(body)));
        return new(failure, RetryHint.Read(failure, headers, body, time));
    }
}
