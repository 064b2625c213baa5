namespace Ensemble;

/// <summary>Finds the threshold of a semantic index from its own examples: what does an example score that the index has not seen?</summary>
internal static class LeaveOneOut
{
    // With more examples a route than this, each round leaves out a tenth of them.
    private const int MaxRounds = 10;

    /// <summary>Gives the score that <paramref name="acceptedShare"/> of the examples reach without themselves.</summary>
    /// <remarks>
    /// One example of each route is held out at a time: at most ten fits, not as many as there are examples, and a held-out
    /// example is scored against routes that lack one example too, as its own does.
    /// </remarks>
    internal static double Threshold(SemanticScoring scoring, ReadOnlyMemory<float>[] units, int[] labels, int routes, double acceptedShare)
    {
        int[] turns = Turns(labels, routes);
        int rounds = turns.Max() + 1;
        double[] scores = new double[units.Length];
        for (int round = 0; round < rounds; round++)
        {
            ReadOnlyMemory<float>[] kept = [.. units.Where((_, i) => turns[i] != round)];
            int[] keptLabels = [.. labels.Where((_, i) => turns[i] != round)];
            SemanticScorer scorer = SemanticScorer.Fit(scoring, kept, keptLabels, routes);
            for (int i = 0; i < units.Length; i++)
            {
                if (turns[i] == round)
                {
                    scorer.Best(units[i].Span, out scores[i]);
                }
            }
        }

        Array.Sort(scores);
        int refused = (int)Math.Floor((1 - acceptedShare) * scores.Length);
        return scores[Math.Min(refused, scores.Length - 1)];
    }

    private static int[] Turns(int[] labels, int routes)
    {
        int[] seen = new int[routes];
        int[] turns = new int[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            turns[i] = seen[labels[i]]++ % MaxRounds;
        }

        return turns;
    }
}
