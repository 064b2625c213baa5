using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Who answered the last turn of a conversation, and how much of it that provider has cached: asking it again is cheaper by that much.
/// A table of fixed size; a newer conversation takes the place of an older one. Thread-safe.
/// </summary>
/// <param name="time">The clock.</param>
internal sealed class ConversationMemory(TimeProvider time)
{
    // The providers that document it cache prompts from 1,024 tokens on, and keep them for five minutes at least.
    private const long FewestTokens = 1_024;
    private const int Size = 1_024;
    private static readonly TimeSpan KeptFor = TimeSpan.FromMinutes(5);

    private readonly Lock _lock = new();
    private readonly Turn[] _turns = new Turn[Size];

    /// <summary>Finds who has the beginning of a conversation cached.</summary>
    /// <param name="key">The conversation.</param>
    /// <param name="candidate">Who answered last.</param>
    /// <param name="tokens">The tokens of the prompt that it read then.</param>
    public bool TryFind(ulong key, out int candidate, out long tokens)
    {
        lock (_lock)
        {
            Turn turn = _turns[key % Size];
            (candidate, tokens) = (turn.Candidate, turn.Tokens);
            return turn.Key == key && turn.Tokens > 0 && time.GetElapsedTime(turn.At) <= KeptFor;
        }
    }

    /// <summary>Notes who answered a turn.</summary>
    public void Keep(ulong key, int candidate, long tokens)
    {
        if (tokens >= FewestTokens)
        {
            lock (_lock)
            {
                _turns[key % Size] = new Turn { Key = key, Candidate = candidate, Tokens = tokens, At = time.GetTimestamp() };
            }
        }
    }

    /// <summary>Tells conversations apart by their tenant and how they begin, up to what the user said first: a provider's cache holds beginnings.</summary>
    public static ulong KeyOf(IReadOnlyList<ChatMessage> messages, string? tenant)
    {
        ulong key = SeededHash.Of(tenant ?? "");
        foreach (ChatMessage message in messages)
        {
            key = SeededHash.Mix(key, SeededHash.Of(message.Text));
            if (message.Role == ChatRole.User)
            {
                break;
            }
        }

        return key;
    }

    private struct Turn
    {
        public ulong Key;
        public int Candidate;
        public long Tokens;
        public long At;
    }
}
