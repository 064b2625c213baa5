namespace Ensemble;

/// <summary>One voter's answer as the vote read it.</summary>
public sealed class Ballot
{
    /// <summary>Gets the voter's name.</summary>
    public required string Voter { get; init; }

    /// <summary>Gets the choice that was read from the answer; <see langword="null"/> when none could be read, which is counted but is no vote.</summary>
    public string? Choice { get; init; }

    /// <summary>Gets the voter's answer in full; <see langword="null"/> when the voter failed.</summary>
    public string? Text { get; init; }

    /// <summary>Gets how the voter failed; <see cref="FailureClass.OutputLimit"/> beside a text when its answer was cut off, which is no vote; <see langword="null"/> when it answered.</summary>
    public FailureClass? Failure { get; init; }

    /// <summary>Gets the weight of the ballot.</summary>
    /// <value>The default value is 1.</value>
    public double Weight { get; init; } = 1;

    /// <summary>Gets the probability that the voter gave each choice, in the order of the choices; <see langword="null"/> unless the vote is over probabilities.</summary>
    public IReadOnlyList<KeyValuePair<string, double>>? Probabilities { get; init; }

    /// <summary>Gets whether the answer was cut off, so that what it would have said is not known.</summary>
    internal bool IsCutOff => Failure == FailureClass.OutputLimit && Text is not null;

    internal Ballot WithChoice(string? choice) => new() { Voter = Voter, Choice = choice, Text = Text, Failure = Failure, Weight = Weight, Probabilities = Probabilities };
}
