namespace Ensemble;

/// <summary>How a router goes from member to member.</summary>
public sealed class RouterOptions
{
    internal static readonly TimeSpan MinimumTimeout = TimeSpan.FromMilliseconds(10);

    // The limit of Polly's timeout strategy.
    internal static readonly TimeSpan MaximumTimeout = TimeSpan.FromHours(24);

    /// <summary>Gets or sets how long one attempt may take: a whole answer, or a stream up to its first content. From 10 ms to 24 h.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    /// <summary>Gets or sets whether the next member is asked when a content filter refuses the request.</summary>
    /// <value>The default value is <see langword="false"/>: the refusal is the answer to the caller.</value>
    public bool TryNextOnContentFilter { get; set; }

    /// <summary>Gets or sets how the router chooses among its members; whom the requirements refuse is never asked.</summary>
    /// <value>The default value is <see langword="null"/>: all members in their order.</value>
    public SelectionOptions? Selection { get; set; }

    internal void Validate() => CheckTimeout(AttemptTimeout, nameof(AttemptTimeout));

    internal static void CheckTimeout(TimeSpan? timeout, string name)
    {
        if (timeout is { } value && (value < MinimumTimeout || value > MaximumTimeout))
        {
            throw new ArgumentOutOfRangeException(name, value, $"{name} is {value}; give at least 10 ms and at most 24 h.");
        }
    }
}
