using System.ClientModel.Primitives;

namespace Ensemble;

/// <summary>
/// The transport of OpenAI's SDK for attempts: the guard reads an answer once and the SDK gets those bytes, without copies and without the
/// policies and timers that an attempt has no use for. Whatever else is done with the SDK goes its usual way.
/// </summary>
internal sealed class GuardedTransport(WireGuard guard, HttpClient http, string userAgent) : HttpClientPipelineTransport(http)
{
    /// <summary>
    /// Stands before all that the SDK does to a request. Nothing retries inside a leaf, the guard puts the key on the request, and nothing is logged: for an
    /// attempt the transport is the next that has work to do.
    /// </summary>
    public PipelinePolicy ShortCut => new ShortCutPolicy(guard);

    protected override PipelineMessage CreateMessageCore() =>
        AttemptRecord.Handed is { } record ? new GuardedMessage(record, userAgent) : base.CreateMessageCore();

    private sealed class ShortCutPolicy(WireGuard guard) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            message is GuardedMessage guarded
                ? guard.SendAsync(guarded.Outgoing.Build(), guarded.Record, guarded, guarded.CancellationToken)
                : ProcessNextAsync(message, pipeline, currentIndex);
    }
}
