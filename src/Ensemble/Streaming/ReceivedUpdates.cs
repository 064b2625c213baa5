using System.Buffers;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// The updates of one stream, in a pooled array: a stream that breaks owes its caller what was received, and one that does not should not
/// pay for that with an allocation a piece. One thread at a time.
/// </summary>
internal sealed class ReceivedUpdates : IDisposable
{
    private const int First = 64;

    private ChatResponseUpdate[] _updates = [];

    public int Count { get; private set; }

    public ChatResponseUpdate this[int index] => _updates[index];

    public void Add(ChatResponseUpdate update)
    {
        if (Count == _updates.Length)
        {
            Grow();
        }

        _updates[Count++] = update;
    }

    /// <summary>Makes one answer of the first so many updates.</summary>
    public ChatResponse ToChatResponse(int count) => new ArraySegment<ChatResponseUpdate>(_updates, 0, count).ToChatResponse();

    /// <summary>Gives the array back.</summary>
    public void Dispose()
    {
        if (_updates.Length > 0)
        {
            Return(_updates);
            (_updates, Count) = ([], 0);
        }
    }

    private void Grow()
    {
        ChatResponseUpdate[] larger = ArrayPool<ChatResponseUpdate>.Shared.Rent(Math.Max(First, Count * 2));
        _updates.AsSpan(0, Count).CopyTo(larger);
        if (_updates.Length > 0)
        {
            Return(_updates);
        }

        _updates = larger;
    }

    // Cleared, or the pool would keep other people's text alive.
    private void Return(ChatResponseUpdate[] updates)
    {
        Array.Clear(updates, 0, Math.Min(Count, updates.Length));
        ArrayPool<ChatResponseUpdate>.Shared.Return(updates);
    }
}
