namespace Ensemble;

/// <summary>How a panel reads ballots, counts them and treats its members.</summary>
public sealed class PanelOptions
{
    /// <summary>Gets or sets the choices that are voted over. Members get them as a JSON schema, so that one that can constrain its answer always casts a readable ballot; the panel's answer is the winning choice itself.</summary>
    /// <value>The default value is <see langword="null"/>: no fixed choices.</value>
    public IReadOnlyList<string>? Choices { get; set; }

    /// <summary>Gets or sets how ballots are read when there are no <see cref="Choices"/>.</summary>
    /// <value>The default value is <see langword="null"/>: answers are free text that nothing can compare; the greedy member's answer is returned, marked <see cref="VoteOutcome.NoConsensus"/>.</value>
    public IBallotNormalizer? Normalizer { get; set; }

    /// <summary>Gets or sets how free answers are put together when there are neither <see cref="Choices"/> nor a <see cref="Normalizer"/>. Every answer is then awaited: what says the same is known only at the end.</summary>
    /// <value>The default value is <see langword="null"/>.</value>
    public AnswerClusterOptions? Clusters { get; set; }

    /// <summary>Gets or sets how ballots are counted. A typed answer is voted over field by field instead.</summary>
    /// <value>The default value is <see cref="VoteRule.Plurality"/>.</value>
    public IVoteRule Rule { get; set; } = VoteRule.Plurality;

    /// <summary>Gets or sets the weights of voters by name (in any case), 0 or more; a voter that is not named has 1. A name that is no voter's is refused. <see cref="VoteWeights"/> makes them from accuracies.</summary>
    /// <value>The default value is empty: all voters count the same, and clones of one together as one.</value>
    public IReadOnlyDictionary<string, double> Weights { get; set; } = new Dictionary<string, double>();

    /// <summary>Gets or sets what is taken off a voter's probabilities, by name (in any case; one that is no voter's is refused); only rules over probabilities use it.</summary>
    /// <value>The default value is empty: probabilities are taken as they are.</value>
    public IReadOnlyDictionary<string, ChoiceCalibration> Calibrations { get; set; } = new Dictionary<string, ChoiceCalibration>();

    /// <summary>Gets or sets the member that does not vote but picks one when several choices share the lead; when it fails, or says something else, the vote stands.</summary>
    /// <value>The default value is <see langword="null"/>: the first voter's choice leads.</value>
    public string? Judge { get; set; }

    /// <summary>Gets or sets whether the members that are still at work are stopped as soon as they cannot change the winner, the outcome, or what a surrounding cascade makes of the answer. A member that heeds its token within 250 ms stands in the answer's receipt with what it used; one that is slower is shown there as cancelled, and is awaited off the caller's path: a second receipt with its usage goes to <see cref="EnsembleRuntime.ReceiptSink"/>. A ledger books either exactly once.</summary>
    /// <value>The default value is <see langword="true"/>.</value>
    public bool StopsEarly { get; set; } = true;

    /// <summary>Gets or sets how long the vote may take, from 10 ms to 24 h: then it is counted with the ballots that have arrived, marked degraded.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? Deadline { get; set; }

    /// <summary>Gets or sets whether members may be given tools; each of them may then act, so an action can happen several times.</summary>
    /// <value>The default value is <see langword="false"/>: a request with tools is refused.</value>
    public bool AllowTools { get; set; }

    /// <summary>Gets or sets how long one member may take, from 10 ms to 24 h.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but the caller's.</value>
    public TimeSpan? AttemptTimeout { get; set; }

    internal PanelOptions With(AnswerClusterOptions clusters)
    {
        PanelOptions copy = (PanelOptions)MemberwiseClone();
        copy.Clusters = clusters;
        return copy;
    }

    internal void Validate()
    {
        RouterOptions.CheckTimeout(AttemptTimeout, nameof(AttemptTimeout));
        RouterOptions.CheckTimeout(Deadline, nameof(Deadline));
        ArgumentNullException.ThrowIfNull(Rule);
        if (Choices is not null && BallotNormalizer.ProblemWith(Choices) is { } problem)
        {
            throw new ArgumentException($"{nameof(Choices)}: {problem}");
        }

        if (Choices is not null && Normalizer is not null)
        {
            throw new ArgumentException($"{nameof(Choices)} already say how ballots are read; set {nameof(Normalizer)} to null, or leave the choices out.");
        }

        Clusters?.Validate();
        if (Clusters is not null && (Choices is not null || Normalizer is not null))
        {
            throw new ArgumentException($"{nameof(Clusters)} are for free answers; set {nameof(Choices)} and {nameof(Normalizer)} to null, or leave the clusters out.");
        }

        foreach ((string voter, double weight) in Weights)
        {
            if (!double.IsFinite(weight) || weight < 0)
            {
                throw new ArgumentOutOfRangeException(nameof(Weights), weight, $"{nameof(Weights)}: {voter} has {weight}; give 0 or more.");
            }
        }
    }
}
