namespace Ensemble;

/// <summary>The order of two candidates that qualify. Each key is a candidate's own, so that a third never changes the order of two.</summary>
internal readonly ref struct RankContext
{
    private readonly ReadOnlySpan<double> _scores;
    private readonly Placement _placement;

    public RankContext(in SelectionQuestion question, ReadOnlySpan<double> scores, ulong seed)
    {
        Candidates = question.Candidates;
        Signals = question.Signals;
        Seed = seed;
        _scores = scores;
        _placement = question.Requirements.Placement;
    }

    public ReadOnlySpan<Candidate> Candidates { get; }

    public ReadOnlySpan<CandidateSignals> Signals { get; }

    public ulong Seed { get; }

    /// <summary>
    /// Compares by, in turn: being available, the preferred place, the priority tier, the score, and the
    /// seed's draw, first of the members and then of the deployments.
    /// </summary>
    public bool Precedes(int left, int right)
    {
        Candidate a = Candidates[left];
        Candidate b = Candidates[right];
        if (Signals[left].IsOut != Signals[right].IsOut)
        {
            return Signals[right].IsOut;
        }

        if (a.IsLocal != b.IsLocal && _placement is Placement.PreferLocal or Placement.PreferCloud)
        {
            return a.IsLocal == (_placement == Placement.PreferLocal);
        }

        if (a.Tier != b.Tier)
        {
            return a.Tier < b.Tier;
        }

        if (_scores[left] != _scores[right])
        {
            return _scores[left] < _scores[right];
        }

        if (a.MemberIndex != b.MemberIndex)
        {
            ulong drawA = SeededHash.Mix(a.MemberHash, Seed);
            ulong drawB = SeededHash.Mix(b.MemberHash, Seed);
            return drawA != drawB ? drawA < drawB : a.MemberIndex < b.MemberIndex;
        }

        return SeededHash.Mix(a.Hash, Seed) < SeededHash.Mix(b.Hash, Seed);
    }

    /// <summary>Says whether nothing but the balancer tells two candidates apart.</summary>
    public bool AreEqualDeployments(int left, int right) =>
        Candidates[left].MemberIndex == Candidates[right].MemberIndex
        && Candidates[left].Tier == Candidates[right].Tier
        && Candidates[left].IsLocal == Candidates[right].IsLocal
        && Signals[left].IsOut == Signals[right].IsOut
        && _scores[left] == _scores[right];
}
