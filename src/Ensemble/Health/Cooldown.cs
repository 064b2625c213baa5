namespace Ensemble;

/// <summary>
/// How long a deployment or key is left alone: a step machine without clock or lock. Time is monotonic, so a jump of the wall clock
/// neither frees nor locks anything. A stated wait is kept to, from the third strike in a row as a minimum; the waits double from strike to strike until a success.
/// </summary>
internal struct Cooldown
{
    // How many stated waits in a row are believed.
    private const int Believed = 3;

    private long _until;
    private int _strikes;

    public readonly int Strikes => _strikes;

    public readonly bool IsCooling(long now) => now < _until;

    public readonly TimeSpan Remaining(long now) => new(Math.Max(0, _until - now));

    /// <summary>Starts or prolongs the wait; a shorter statement never shortens a longer one.</summary>
    public void Strike(long now, TimeSpan? retryAfter, CooldownOptions options)
    {
        // Strikes of calls that were under way when the wait began say nothing new, and must not double it.
        bool alreadyCooling = IsCooling(now);
        if (!alreadyCooling)
        {
            _strikes = Math.Min(_strikes + 1, 62);
        }

        // A server that names the same short wait again and again does not know itself.
        long wait = retryAfter is not { } stated ? Doubled(options) : _strikes < Believed ? stated.Ticks : Math.Max(stated.Ticks, Doubled(options));
        if (retryAfter is not null || !alreadyCooling)
        {
            _until = Math.Max(_until, wait > long.MaxValue - now ? long.MaxValue : now + wait);
        }
    }

    /// <summary>A success that began after the wait forgets all strikes.</summary>
    public void Success(long startedAt)
    {
        if (startedAt >= _until)
        {
            _strikes = 0;
        }
    }

    private readonly long Doubled(CooldownOptions options)
    {
        int doublings = Math.Max(0, _strikes - 1);
        return options.First >= options.Longest >> Math.Min(doublings, 62) ? options.Longest : options.First << doublings;
    }
}
