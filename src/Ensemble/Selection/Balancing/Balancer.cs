namespace Ensemble;

/// <summary>Picks one of several equal deployments; a pure function of what was learned and a seed.</summary>
internal static class Balancer
{
    /// <summary>Picks one.</summary>
    /// <param name="balancing">How.</param>
    /// <param name="candidates">All candidates.</param>
    /// <param name="signals">What was learned of each.</param>
    /// <param name="among">The indexes to pick from, at least one.</param>
    /// <param name="seed">Decides what nothing else does.</param>
    /// <returns>The position within <paramref name="among"/>.</returns>
    public static int Pick(Balancing balancing, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<CandidateSignals> signals, ReadOnlySpan<int> among, ulong seed)
    {
        if (among.Length == 1)
        {
            return 0;
        }

        return balancing == Balancing.PowerOfTwo
            ? PickOfTwo(candidates, signals, among, seed)
            : PickLeast(balancing, candidates, signals, among, seed);
    }

    private static int PickLeast(Balancing balancing, ReadOnlySpan<Candidate> candidates, ReadOnlySpan<CandidateSignals> signals, ReadOnlySpan<int> among, ulong seed)
    {
        int best = -1;
        double bestKey = 0;
        ulong bestHash = 0;
        for (int i = 0; i < among.Length; i++)
        {
            Candidate candidate = candidates[among[i]];
            ref readonly CandidateSignals signal = ref signals[among[i]];
            ulong hash = SeededHash.Mix(candidate.Hash, seed);
            if (balancing == Balancing.Weighted && best >= 0 && SeededHash.AtLeast(hash) * candidate.MeanTime > bestKey)
            {
                // Mostly a bound without the logarithm shows already that the time is longer than the shortest so far.
                continue;
            }

            double key = balancing switch
            {
                // Of independent exponential times with these rates, each is the shortest with a probability that is its share of the weights.
                Balancing.Weighted => SeededHash.ToExponential(hash) * candidate.MeanTime,
                Balancing.LeastBusy => candidate.Weight > 0 ? signal.InFlight / candidate.Weight : double.PositiveInfinity,
                Balancing.Headroom => -signal.Headroom,
                _ => candidate.Distance,
            };
            if (best < 0 || key < bestKey || (key == bestKey && hash < bestHash))
            {
                (best, bestKey, bestHash) = (i, key, hash);
            }
        }

        return best;
    }

    /// <summary>Two choices avoid the herd that the single best one draws (Mitzenmacher 2001).</summary>
    private static int PickOfTwo(ReadOnlySpan<Candidate> candidates, ReadOnlySpan<CandidateSignals> signals, ReadOnlySpan<int> among, ulong seed)
    {
        ulong draw = SeededHash.Mix(candidates[among[0]].MemberHash, seed);
        int first = (int)((draw & uint.MaxValue) * (ulong)among.Length >> 32);
        int second = (int)((draw >> 32) * (ulong)(among.Length - 1) >> 32);
        second += second >= first ? 1 : 0;
        return Load(signals[among[second]]) < Load(signals[among[first]]) ? second : first;
    }

    // A deployment that was never measured is taken for instant, so that it is measured.
    private static double Load(in CandidateSignals signal) =>
        double.IsNaN(signal.FirstTokenSeconds) ? 0 : signal.FirstTokenSeconds * (signal.InFlight + 1);
}
