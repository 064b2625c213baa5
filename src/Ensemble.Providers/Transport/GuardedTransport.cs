using System.ClientModel.Primitives;
using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>
/// The transport of OpenAI's SDK for attempts: the guard reads an answer once and the SDK gets those bytes, without copies and without the
/// policies and timers that an attempt has no use for. Whatever else is done with the SDK goes its usual way.
/// </summary>
internal sealed class GuardedTransport(WireGuard guard, HttpClient http, string userAgent) : HttpClientPipelineTransport(http)
{
    /// <summary>
    /// Stands where the SDK retries. Nothing retries inside a leaf, the guard puts the key on the request, and nothing is logged: for an
    /// attempt the transport is the next that has work to do.
    /// </summary>
    public PipelinePolicy ShortCut => new ShortCutPolicy(this);

    protected override PipelineMessage CreateMessageCore() =>
        AttemptRecord.Handed is { } record ? new GuardedMessage(record, userAgent) : base.CreateMessageCore();

    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder))]
    private async ValueTask SendAsync(GuardedMessage message)
    {
        HttpRequestMessage request = message.Outgoing.Build();
        message.Answer(new GuardedResponse(await guard.SendAsync(request, message.Record, message.CancellationToken).ConfigureAwait(false)));
    }

    private sealed class ShortCutPolicy(GuardedTransport transport) : PipelinePolicy
    {
        public override void Process(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            ProcessNext(message, pipeline, currentIndex);

        public override ValueTask ProcessAsync(PipelineMessage message, IReadOnlyList<PipelinePolicy> pipeline, int currentIndex) =>
            message is GuardedMessage guarded ? transport.SendAsync(guarded) : ProcessNextAsync(message, pipeline, currentIndex);
    }
}
