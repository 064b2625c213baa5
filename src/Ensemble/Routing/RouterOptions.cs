namespace Ensemble;

/// <summary>How a router goes from member to member.</summary>
public sealed class RouterOptions
{
    internal static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(10);

    // Longer than any answer; it keeps sums of times far from overflow.
    internal static readonly TimeSpan MaximumTimeout = TimeSpan.FromHours(24);

    /// <summary>Gets or sets how long one attempt may take: a whole answer, or a stream up to its first content. From 10 ms to 24 h. Under a deadline the last member that is left gets all that is left of it.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Gets or sets how long a request may take with all its attempts and waits, from 10 ms to 24 h. An outer deadline that is shorter wins.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? Deadline { get; set; }

    /// <summary>Gets or sets how many attempts a request may make, at least 1. A router that is a member counts by the members that it asks.</summary>
    /// <value>The default value is <see langword="null"/>: each member once, and again those that were waited for.</value>
    public int? MaxAttempts { get; set; }

    /// <summary>Gets or sets how long a request waits in all for members that were asked too often (a 429; 5 seconds when it states no time) or said when they can be asked again, when no other is left; up to 24 h, and never beyond the deadline.</summary>
    /// <value>The default value is 30 seconds; zero never waits.</value>
    public TimeSpan LongestWait { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Gets or sets how long the next piece of a stream may take after the first content, from 10 ms to 24 h. The time in which the consumer holds a piece does not count.</summary>
    /// <value>The default value is 1 minute; <see langword="null"/> waits for ever.</value>
    public TimeSpan? IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>
    /// Gets or sets how long a stream may say nothing before its first content, from 10 ms to 24 h, where <see cref="AttemptTimeout"/> sets no limit; then
    /// the next member is asked. Every piece is a sign of life, reasoning too. Members in this process and compositions are not limited by it: the first
    /// read long prompts in silence, the second have limits of their own. Raise it for models that think for minutes without showing it.
    /// </summary>
    /// <value>The default value is 2 minutes; <see langword="null"/> waits for ever. A whole answer has no default limit: set <see cref="AttemptTimeout"/>.</value>
    public TimeSpan? SilenceTimeout { get; set; } = TimeSpan.FromMinutes(2);

    /// <summary>Gets or sets how many characters a second a stream must bring over each 10 seconds of waiting; above 0.</summary>
    /// <value>The default value is <see langword="null"/>: no minimum.</value>
    public double? MinCharactersPerSecond { get; set; }

    /// <summary>Gets or sets whether another member goes on with an answer that broke off after the caller had received content. Such an answer is marked: its receipt says who went on, and is degraded.</summary>
    /// <value>The default value is <see langword="false"/>: the caller gets a <see cref="StreamInterruptedException"/> with what was received.</value>
    public bool ContinueInterrupted { get; set; }

    /// <summary>Gets or sets how many calls may wait for a member whose limits are reached; the next one is refused at once. At least 0.</summary>
    /// <value>The default value is 100.</value>
    public int MaxQueue { get; set; } = 100;

    /// <summary>
    /// Gets or sets when a second member is asked beside one that is slower than usual; the first of the two to answer wins, and the other is
    /// stopped and billed. Both count as attempts and are paid from the same budgets.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: never.</value>
    public HedgingOptions? Hedging { get; set; }

    /// <summary>Gets or sets whether the next member is asked when a content filter refuses the request.</summary>
    /// <value>The default value is <see langword="false"/>: the refusal is the answer to the caller.</value>
    public bool TryNextOnContentFilter { get; set; }

    /// <summary>Gets or sets what happens to encrypted or signed reasoning of one member when another may answer; the receipt says what was done.</summary>
    /// <value>The default value is <see cref="OpaqueStatePolicy.Strip"/>: availability before the continuity of reasoning.</value>
    public OpaqueStatePolicy OpaqueState { get; set; }

    /// <summary>Gets or sets how the router chooses among its members; whom the requirements refuse is never asked.</summary>
    /// <value>The default value is <see langword="null"/>: all members in their order.</value>
    public SelectionOptions? Selection { get; set; }

    internal StreamLimits StreamLimits => new(IdleTimeout, AttemptTimeout is null ? SilenceTimeout : null, MinCharactersPerSecond);

    internal void Validate()
    {
        CheckTimeout(AttemptTimeout, nameof(AttemptTimeout));
        CheckTimeout(Deadline, nameof(Deadline));
        CheckTimeout(IdleTimeout, nameof(IdleTimeout));
        CheckTimeout(SilenceTimeout, nameof(SilenceTimeout));
        if (LongestWait < TimeSpan.Zero || LongestWait > MaximumTimeout)
        {
            throw new ArgumentOutOfRangeException(nameof(LongestWait), LongestWait, $"{nameof(LongestWait)} is {LongestWait}; give at least 0 and at most 24 h.");
        }

        if (MaxAttempts < 1)
        {
            throw new ArgumentOutOfRangeException(nameof(MaxAttempts), MaxAttempts, $"{nameof(MaxAttempts)} is {MaxAttempts}; give at least 1.");
        }

        if (MinCharactersPerSecond is { } rate && !(rate > 0))
        {
            throw new ArgumentOutOfRangeException(nameof(MinCharactersPerSecond), rate, $"{nameof(MinCharactersPerSecond)} is {rate}; give more than 0.");
        }

        ArgumentOutOfRangeException.ThrowIfNegative(MaxQueue);
        Hedging?.Validate();
    }

    internal static void CheckTimeout(TimeSpan? timeout, string name)
    {
        if (timeout is { } value && (value < MinimumTimeout || value > MaximumTimeout))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; give at least 10 ms and at most 24 h.");
        }
    }
}
