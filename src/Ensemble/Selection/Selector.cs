namespace Ensemble;

/// <summary>
/// Decides who may answer and in which order to ask: a pure function of the profile, the requirements, the snapshot, what was learned
/// and a seed. It reads no clock and allocates nothing.
/// </summary>
internal static class Selector
{
    /// <summary>1 kB of scores; more candidates than this are a configuration that nobody has shown.</summary>
    private const int MaxOnStack = 128;

    /// <summary>Decides.</summary>
    /// <param name="question">The request, what is required, the candidates, and what was learned of them.</param>
    /// <param name="objective">What to prefer.</param>
    /// <param name="balancing">How to pick among equal deployments of the chosen member.</param>
    /// <param name="seed">Decides between equals.</param>
    /// <param name="refusals">Receives the rules that refused each candidate.</param>
    /// <param name="scores">Receives the scores of those that were not refused; lower is better.</param>
    /// <param name="order">Receives the candidates that qualify, in the order in which to ask them.</param>
    public static Decision Decide(
        in SelectionQuestion question,
        Objective objective,
        Balancing balancing,
        ulong seed,
        Span<ConstraintRules> refusals,
        Span<double> scores,
        Span<int> order)
    {
        int count = question.Candidates.Length;
        refusals = refusals[..count];
        scores = scores[..count];
        refusals.Clear();
        foreach (Constraint constraint in Constraint.All)
        {
            constraint.Check(question, refusals);
        }

        objective.Score(question, refusals, scores);
        int eligible = 0;
        Span<double> turns = count <= MaxOnStack ? stackalloc double[count] : new double[count];
        RankContext.Turns(question, refusals, scores, turns);
        RankContext context = new(question, scores, turns, seed);
        for (int i = 0; i < count; i++)
        {
            if (refusals[i] == ConstraintRules.None)
            {
                Insert(context, order, eligible++, i);
            }
        }

        if (eligible == 0)
        {
            return default;
        }

        Balance(context, balancing, order[..eligible]);
        return new Decision(eligible, question.ExpectedUsd(order[0]), OutputLimit(question, order[0]));
    }

    /// <summary>Says to how many tokens the answer of a candidate must be limited so that the ceiling of the price holds.</summary>
    public static long? OutputLimit(in SelectionQuestion question, int candidate)
    {
        if (question.Requirements.MaxUsd is not { } ceiling || question.Profile.OutputLimit is not null)
        {
            return null;
        }

        TokenRates rates = question.DearestRates(candidate);
        long most = Math.Min(question.Candidates[candidate].MaxOutput, question.Candidates[candidate].OwnOutputLimit);
        if (rates.Output <= 0)
        {
            return null;
        }

        double left = ((double)ceiling * (1 - 1e-12)) - (question.InputTokens(candidate) * rates.Input);
        double payable = Math.Floor(left / rates.Output * (1 - 1e-12));
        return payable < most ? (long)payable : null;
    }

    /// <summary>Puts a candidate into its place in the order; for a few dozen candidates nothing beats insertion.</summary>
    private static void Insert(in RankContext context, Span<int> order, int count, int candidate)
    {
        int at = count;
        while (at > 0 && context.Precedes(candidate, order[at - 1]))
        {
            order[at] = order[at - 1];
            at--;
        }

        order[at] = candidate;
    }

    /// <summary>Lets the balancer pick among the first candidates that differ in nothing but their deployment.</summary>
    private static void Balance(in RankContext context, Balancing balancing, Span<int> order)
    {
        int group = 1;
        while (group < order.Length && context.AreEqualDeployments(order[0], order[group]))
        {
            group++;
        }

        int picked = Balancer.Pick(balancing, context.Candidates, context.Signals, order[..group], context.Seed);
        int chosen = order[picked];
        order[..picked].CopyTo(order[1..]);
        order[0] = chosen;
    }
}
