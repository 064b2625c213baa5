namespace Ensemble.Testing;

/// <summary>How often chaos strikes: probabilities from 0 to 1, whose sum is at most 1. At most one fault strikes a call.</summary>
public sealed class ChaosOptions
{
    /// <summary>Gets the probability of <see cref="ChaosFault.Error"/>.</summary>
    public double Error { get; init; }

    /// <summary>Gets the probability of <see cref="ChaosFault.RateLimit"/>.</summary>
    public double RateLimit { get; init; }

    /// <summary>Gets the probability of <see cref="ChaosFault.Hang"/>.</summary>
    public double Hang { get; init; }

    /// <summary>Gets the probability of <see cref="ChaosFault.Delay"/>.</summary>
    public double Delay { get; init; }

    /// <summary>Gets the probability of <see cref="ChaosFault.Break"/>.</summary>
    public double Break { get; init; }

    /// <summary>Gets the probability of <see cref="ChaosFault.Cut"/>.</summary>
    public double Cut { get; init; }

    /// <summary>Gets the longest delay; each is drawn evenly up to it.</summary>
    /// <value>The default value is 10 seconds.</value>
    public TimeSpan LongestDelay { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>Gets how long a rate-limited call is told to wait.</summary>
    /// <value>The default value is 2 seconds.</value>
    public TimeSpan RetryAfter { get; init; } = TimeSpan.FromSeconds(2);

    internal ChaosFault Draw(double dice)
    {
        ReadOnlySpan<double> odds = [Error, RateLimit, Hang, Delay, Break, Cut];
        for (int i = 0; i < odds.Length; i++)
        {
            dice -= odds[i];
            if (dice < 0)
            {
                return (ChaosFault)(i + 1);
            }
        }

        return ChaosFault.None;
    }

    internal void Validate()
    {
        ReadOnlySpan<double> odds = [Error, RateLimit, Hang, Delay, Break, Cut];
        double sum = 0;
        foreach (double one in odds)
        {
            ArgumentOutOfRangeException.ThrowIfNegative(one, nameof(ChaosOptions));
            sum += one;
        }

        ArgumentOutOfRangeException.ThrowIfGreaterThan(sum, 1 + 1e-9, nameof(ChaosOptions));
        ArgumentOutOfRangeException.ThrowIfLessThan(LongestDelay, TimeSpan.Zero, nameof(ChaosOptions));
    }
}
