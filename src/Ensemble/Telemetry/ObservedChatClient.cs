using System.Diagnostics;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>
/// A model with the platform's telemetry, which is left out of the way while nobody listens: it keeps every update of a stream and puts
/// them together at the end whether or not anybody will read that. The errors of calls that it did not see are reported to it, because it logs them.
/// </summary>
internal sealed class ObservedChatClient : DelegatingChatClient
{
    private readonly OpenTelemetryChatClient _observed;
    private readonly ActivitySource? _source;
    private readonly Instrument[] _instruments;

    public ObservedChatClient(IChatClient model, ILoggerFactory loggers)
        : base(model)
    {
        List<Instrument> instruments = [];
        Thread self = Thread.CurrentThread;
        bool making = false;
        using MeterListener listener = new()
        {
            InstrumentPublished = (instrument, _) =>
            {
                // Its instruments are the only ones made here and now; nothing else says which they are.
                if (making && Thread.CurrentThread == self)
                {
                    instruments.Add(instrument);
                }
            },
        };
        listener.Start();
        making = true;
        _observed = new OpenTelemetryChatClient(new Switch(model), loggers.CreateLogger<OpenTelemetryChatClient>(), EnsembleTelemetry.SourceName);
        making = false;
        _instruments = [.. instruments];
        _source = _observed.GetService<ActivitySource>();
    }

    /// <summary>Gets whether anybody listens; asked anew for every call, because a listener may come at any time.</summary>
    internal bool IsListenedTo
    {
        get
        {
            bool listened = _source?.HasListeners() is not false;
            foreach (Instrument instrument in _instruments)
            {
                listened |= instrument.Enabled;
            }

            return listened;
        }
    }

    public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        IsListenedTo ? _observed.GetResponseAsync(messages, options, cancellationToken) : InnerClient.GetResponseAsync(messages, options, cancellationToken);

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        IsListenedTo
            ? _observed.GetStreamingResponseAsync(messages, options, cancellationToken)
            : InnerClient.GetStreamingResponseAsync(messages, options, cancellationToken);

    /// <summary>Shows the telemetry an error of a call that it did not see, because nobody listened; it writes that to the log.</summary>
    public void Report(Exception error)
    {
        if (!IsListenedTo)
        {
            // The call fails at once with this error, which is all that it is made for.
            _ = _observed.GetResponseAsync([], new Failed(error)).Exception;
        }
    }

    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType?.IsInstanceOfType(this) is true ? this : _observed.GetService(serviceType!, serviceKey);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            _observed.Dispose();
        }

        base.Dispose(disposing);
    }

    private sealed class Failed(Exception error) : ChatOptions
    {
        public Exception Error => error;
    }

    private sealed class Switch(IChatClient model) : DelegatingChatClient(model)
    {
        public override Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            options is Failed failed ? Task.FromException<ChatResponse>(failed.Error) : base.GetResponseAsync(messages, options, cancellationToken);

        // The model is disposed by the client around it.
        protected override void Dispose(bool disposing) => base.Dispose(disposing: false);
    }
}
