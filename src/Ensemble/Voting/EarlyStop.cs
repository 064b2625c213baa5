namespace Ensemble;

/// <summary>Says when the voters that are still at work can be stopped, so that the result does not depend on who answered first.</summary>
internal static class EarlyStop
{
    // A verdict counts as settled only clear of the border that AnswerJudge draws, which rounding could move.
    private const double Clear = AnswerJudge.Rounding / 2;

    /// <summary>Says whether winner, outcome and the verdict of every surrounding cascade are settled.</summary>
    /// <param name="rule">The rule of the vote.</param>
    /// <param name="arrived">The ballots that have arrived.</param>
    /// <param name="pendingWeight">The weight of all that have not.</param>
    /// <param name="deferrals">What surrounding cascades ask of the answer.</param>
    public static bool IsSettled(IVoteRule rule, ReadOnlySpan<Ballot> arrived, double pendingWeight, IReadOnlyList<DeferRule> deferrals)
    {
        if (!rule.IsDecided(arrived, pendingWeight))
        {
            return false;
        }

        foreach (DeferRule deferral in deferrals)
        {
            if (!IsSettled(rule, arrived, pendingWeight, deferral))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Says whether a cascade looks at the words of the member that speaks for the winner, and not at the vote alone.</summary>
    /// <param name="deferral">What it asks.</param>
    /// <param name="answersWithChoice">Whether the answer is the winning choice itself.</param>
    public static bool NeedsSpeaker(DeferRule deferral, bool answersWithChoice) =>
        deferral.MeanLogProbability is not null || deferral.LabelProbability is not null || (deferral.ValidJson && !answersWithChoice);

    private static bool IsSettled(IVoteRule rule, ReadOnlySpan<Ballot> arrived, double pendingWeight, DeferRule deferral)
    {
        if (deferral.Agreement is null && deferral.LabelProbability is null)
        {
            return true;
        }

        if (rule is not IBoundedRule bounded)
        {
            return false;
        }

        AgreementBounds bounds = bounded.Bound(arrived, pendingWeight);

        // Whether any ballot has probabilities must not depend on who came first.
        return (deferral.LabelProbability is not { } probability || ((rule is ProbabilityRule || HasProbabilities(arrived)) && IsClear(bounds, probability)))
            && (deferral.Agreement is not { } agreement || IsClear(bounds, agreement) || !Decides(rule, arrived, pendingWeight));
    }

    private static bool IsClear(AgreementBounds bounds, double limit) =>
        bounds.Least >= limit - Clear || bounds.Most < limit - (2 * AnswerJudge.Rounding);

    private static bool HasProbabilities(ReadOnlySpan<Ballot> arrived)
    {
        foreach (Ballot ballot in arrived)
        {
            if (ballot.Probabilities is not null)
            {
                return true;
            }
        }

        return false;
    }

    // A vote without a decision goes on whatever its agreement is.
    private static bool Decides(IVoteRule rule, ReadOnlySpan<Ballot> arrived, double pendingWeight) =>
        rule.Count([.. arrived, new Ballot { Voter = "", Weight = pendingWeight }]).Outcome == VoteOutcome.Decided;
}
