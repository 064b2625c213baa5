namespace Ensemble;

/// <summary>Takes the events of a streamed answer as the guard passes them, in the SDK's stead.</summary>
internal interface IEventTaker
{
    /// <summary>Takes one event that the guard has passed.</summary>
    /// <param name="json">Its data: valid UTF-8 that begins an object. Only good during the call.</param>
    void Take(ReadOnlySpan<byte> json);
}
