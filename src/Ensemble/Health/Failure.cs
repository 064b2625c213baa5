namespace Ensemble;

/// <summary>One failure: its class, the scope that follows from the class, and how long to wait if the member said so.</summary>
public readonly struct Failure : IEquatable<Failure>
{
    /// <summary>Creates a failure of the given class.</summary>
    /// <param name="failureClass">What went wrong.</param>
    /// <param name="retryAfter">How long the member asked to be left alone, if it said so.</param>
    public Failure(FailureClass failureClass, TimeSpan? retryAfter = null)
    {
        Class = failureClass;
        RetryAfter = retryAfter;
    }

    /// <summary>Gets what went wrong.</summary>
    public FailureClass Class { get; }

    /// <summary>Gets how long the member asked to be left alone; <see langword="null"/> when it did not say.</summary>
    public TimeSpan? RetryAfter { get; }

    /// <summary>Gets whom the failure concerns.</summary>
    public FailureScope Scope => Class switch
    {
        FailureClass.BadRequest or FailureClass.UnsupportedOption or FailureClass.ContentFilter
            or FailureClass.OutputLimit or FailureClass.Cancelled or FailureClass.Ledger => FailureScope.Request,
        FailureClass.PromptTooLong => FailureScope.Window,
        FailureClass.Unauthorized or FailureClass.Forbidden or FailureClass.QuotaExhausted
            or FailureClass.ModelNotFound => FailureScope.Deployment,
        _ => FailureScope.Elsewhere,
    };

    /// <summary>Compares two failures.</summary>
    public static bool operator ==(Failure left, Failure right) => left.Equals(right);

    /// <summary>Compares two failures.</summary>
    public static bool operator !=(Failure left, Failure right) => !left.Equals(right);

    /// <inheritdoc/>
    public bool Equals(Failure other) => Class == other.Class && RetryAfter == other.RetryAfter;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Failure other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Class, RetryAfter);

    /// <inheritdoc/>
    public override string ToString() => RetryAfter is { } wait ? $"{Class} (retry after {wait.TotalSeconds:0.###} s)" : Class.ToString();
}
