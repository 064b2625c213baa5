using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// One hosted model as an <see cref="IChatClient"/>: an SDK on top of the <see cref="WireGuard"/>, with the same answers and the same
/// failures for all. It never retries. Safe for use by several threads.
/// </summary>
internal sealed partial class HostedChatClient : IChatClient
{
    private readonly HostedModel _model;
    private readonly IChatClient _sdk;
    private readonly HttpClient _http;
    private readonly ChatClientMetadata _metadata;
    private readonly MemberTraits _traits;

    /// <summary>Creates the client; the handler is shared and outlives it.</summary>
    public HostedChatClient(HostedModel model, HttpMessageHandler handler)
    {
        _model = model;
        WireGuard guard = new(model, handler);
        _http = new HttpClient(guard, disposeHandler: false) { Timeout = Timeout.InfiniteTimeSpan };
        _sdk = model.Dialect.Connect(model, guard, _http);
        _metadata = new ChatClientMetadata(model.Preset.Name, model.Endpoint, model.ModelId);
        _traits = new MemberTraits
        {
            ReportsFinishReason = true,
            RepairsAnswers = !model.Supported.HasFlag(HostedOptions.JsonSchema),
            RepairsSchema = schema => !model.Dialect.PassesSchema(schema),
            ContextWindow = model.Card?.ContextWindow,
            CallsTools = model.Supported.HasFlag(HostedOptions.Tools) && model.Card?.Capabilities?.HasFlag(ModelCapabilities.Tools) is not false,
        };
    }

    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        OptionNotes notes = new(_model);
        return StructuredAnswers.IsNeeded(_model, options)
            ? StructuredAnswers.AskAsync(_model, messages, options!, notes, AskAsync, cancellationToken)
            : AskAsync(messages, FurtherCall.Remove(options), notes, cancellationToken);
    }

    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(MemberTraits) ? _traits
            : serviceType.IsInstanceOfType(this) ? this
            : _sdk.GetService(serviceType);
    }

    public void Dispose()
    {
        _sdk.Dispose();
        _http.Dispose();
    }

    public override string ToString() => _model.ToString();

    private async Task<ChatResponse> AskAsync(IEnumerable<ChatMessage> messages, ChatOptions? options, OptionNotes notes, CancellationToken cancellationToken)
    {
        ChatOptions? own = RequestShaper.Options(_model, options, notes);
        IEnumerable<ChatMessage> shaped = MessageShaper.Shape(_model, messages, notes);
        using AttemptClock clock = new(_model, cancellationToken);
        AttemptRecord record = new(_model, streaming: false, clock.Token);
        clock.Start();
        ChatResponse response;
        try
        {
            Task<ChatResponse> answer;
            using (record.HandOver())
            {
                answer = _sdk.GetResponseAsync(shaped, own, clock.Token);
            }

            response = await answer.ConfigureAwait(false);
        }
        catch (Exception error)
        {
            throw Failures.Translate(record, clock, error);
        }
        finally
        {
            record.Abort();
        }

        _model.Dialect.CreateShaper(record).Whole(response);
        if (record.FinishReason is null || response.FinishReason is null)
        {
            throw Failures.Unfinished(record, clock);
        }

        foreach (ChatMessage message in response.Messages)
        {
            MessageShaper.Sign(_model, message.Contents);
        }

        response.Usage = UsageCheck.Keep(response.Usage, notes);
        response.ModelId ??= _model.ModelId;
        response.AdditionalProperties = ProviderInfo.Write(response.AdditionalProperties, record, response.ModelId, notes.Notes);
        return response;
    }
}
