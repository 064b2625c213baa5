namespace Ensemble;

/// <summary>How a panel reads ballots and treats its members.</summary>
public sealed class PanelOptions
{
    /// <summary>Gets or sets the choices that are voted over. Members get them as a JSON schema, so that one that can constrain its answer always casts a readable ballot; the panel's answer is the winning choice itself.</summary>
    /// <value>The default value is <see langword="null"/>: no fixed choices.</value>
    public IReadOnlyList<string>? Choices { get; set; }

    /// <summary>Gets or sets how ballots are read when there are no <see cref="Choices"/>.</summary>
    /// <value>The default value is <see langword="null"/>: answers are free text that nothing can compare; the greedy member's answer is returned, marked <see cref="VoteOutcome.NoConsensus"/>.</value>
    public IBallotNormalizer? Normalizer { get; set; }

    /// <summary>Gets or sets whether members may be given tools; each of them may then act, so an action can happen several times.</summary>
    /// <value>The default value is <see langword="false"/>: a request with tools is refused.</value>
    public bool AllowTools { get; set; }

    /// <summary>Gets or sets how long one member may take, from 10 ms to 24 h.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    internal void Validate()
    {
        RouterOptions.CheckTimeout(AttemptTimeout, nameof(AttemptTimeout));
        if (Choices is not null && BallotNormalizer.ProblemWith(Choices) is { } problem)
        {
            throw new ArgumentException($"{nameof(Choices)}: {problem}");
        }

        if (Choices is not null && Normalizer is not null)
        {
            throw new ArgumentException($"{nameof(Choices)} already say how ballots are read; set {nameof(Normalizer)} to null, or leave the choices out.");
        }
    }
}
