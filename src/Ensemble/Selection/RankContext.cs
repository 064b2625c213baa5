namespace Ensemble;

/// <summary>The order of two candidates that qualify. Each key is a candidate's own, so that a third never changes the order of two.</summary>
internal readonly ref struct RankContext
{
    private readonly ReadOnlySpan<double> _scores;
    private readonly ReadOnlySpan<double> _turns;
    private readonly Placement _placement;

    public RankContext(in SelectionQuestion question, ReadOnlySpan<double> scores, ReadOnlySpan<double> turns, ulong seed)
    {
        Candidates = question.Candidates;
        Signals = question.Signals;
        Seed = seed;
        _scores = scores;
        _turns = turns;
        _placement = question.Requirements.Placement;
    }

    public ReadOnlySpan<Candidate> Candidates { get; }

    public ReadOnlySpan<CandidateSignals> Signals { get; }

    public ulong Seed { get; }

    /// <summary>
    /// Compares by, in turn: being available, the preferred place, the score at which its turn comes (<see cref="Turns"/>), and the seed's
    /// draw of the members; between deployments of one member by the priority tier, the score, and the seed's draw.
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

        if (_turns[left] != _turns[right])
        {
            return _turns[left] < _turns[right];
        }

        if (a.MemberIndex != b.MemberIndex)
        {
            ulong drawA = SeededHash.Mix(a.MemberHash, Seed);
            ulong drawB = SeededHash.Mix(b.MemberHash, Seed);
            return drawA != drawB ? drawA < drawB : a.MemberIndex < b.MemberIndex;
        }

        if (a.Tier != b.Tier)
        {
            return a.Tier < b.Tier;
        }

        if (_scores[left] != _scores[right])
        {
            return _scores[left] < _scores[right];
        }

        return SeededHash.Mix(a.Hash, Seed) < SeededHash.Mix(b.Hash, Seed);
    }

    /// <summary>
    /// Gives each candidate the score at which its turn comes: its own, or that of the worst deployment of the same member with a lower
    /// tier, which must be asked before it. So tiers order the deployments of one model and never come before the objective between models.
    /// </summary>
    /// <param name="question">The candidates and their signals.</param>
    /// <param name="refusals">Who is refused, and stands before nobody.</param>
    /// <param name="scores">The scores.</param>
    /// <param name="turns">Receives the result.</param>
    public static void Turns(in SelectionQuestion question, ReadOnlySpan<ConstraintRules> refusals, ReadOnlySpan<double> scores, Span<double> turns)
    {
        scores.CopyTo(turns);
        ReadOnlySpan<Candidate> candidates = question.Candidates;
        bool byPlace = question.Requirements.Placement is Placement.PreferLocal or Placement.PreferCloud;
        for (int i = 0; i < turns.Length; i++)
        {
            for (int j = 0; candidates[i].HasSiblings && j < turns.Length; j++)
            {
                if (candidates[j].MemberIndex == candidates[i].MemberIndex && candidates[j].Tier < candidates[i].Tier && refusals[j] == ConstraintRules.None
                    && question.Signals[j].IsOut == question.Signals[i].IsOut && (!byPlace || candidates[j].IsLocal == candidates[i].IsLocal))
                {
                    turns[i] = Math.Max(turns[i], scores[j]);
                }
            }
        }
    }

    /// <summary>Says whether nothing but the balancer tells two candidates apart.</summary>
    public bool AreEqualDeployments(int left, int right) =>
        Candidates[left].MemberIndex == Candidates[right].MemberIndex
        && Candidates[left].Tier == Candidates[right].Tier
        && Candidates[left].IsLocal == Candidates[right].IsLocal
        && Signals[left].IsOut == Signals[right].IsOut
        && _scores[left] == _scores[right];
}
