namespace Ensemble;

/// <summary>The candidates of one composition, immutable; a change of configuration or catalog makes a new one, and requests in flight keep theirs.</summary>
internal sealed class SelectionSnapshot
{
    private SelectionSnapshot(Candidate[] candidates, int memberCount)
    {
        Candidates = candidates;
        MemberCount = memberCount;
    }

    public Candidate[] Candidates { get; }

    public int MemberCount { get; }

    /// <summary>Makes a snapshot.</summary>
    /// <param name="members">The members in order.</param>
    /// <param name="near">The place of this process, for picking the nearest region.</param>
    /// <param name="variationOf">Says by the name of a deployment in what way of its own it is asked.</param>
    /// <exception cref="EnsembleException">A member has no deployment, or a name stands twice.</exception>
    public static SelectionSnapshot Create(IReadOnlyList<SelectionMember> members, string? near = null, Func<string, MemberOptions?>? variationOf = null)
    {
        List<Candidate> candidates = [];
        HashSet<string> names = new(StringComparer.OrdinalIgnoreCase);
        for (int i = 0; i < members.Count; i++)
        {
            SelectionMember member = members[i];
            if (!names.Add(member.Name) || member.Deployments.Count == 0)
            {
                throw new EnsembleException(member.Deployments.Count == 0
                    ? $"The member '{member.Name}' has no deployment; give it one."
                    : $"The member '{member.Name}' stands twice; give each its own name.");
            }

            candidates.AddRange(member.Deployments.Select(deployment => new Candidate(member, deployment, i, near, variationOf?.Invoke(deployment.Name))));
        }

        return new SelectionSnapshot([.. candidates], members.Count);
    }

    /// <summary>Checks that quality can decide: with a least quality, or an objective that goes by it, every member needs one.</summary>
    /// <param name="members">What is known of the members' models.</param>
    /// <param name="requirements">The requirements of the composition or a tenant.</param>
    /// <param name="objective">What is preferred.</param>
    /// <returns>What is wrong, with the lines to add; <see langword="null"/> when nothing is.</returns>
    public static string? ProblemWithQuality(IEnumerable<KnownQuality> members, Requirements requirements, Objective objective)
    {
        if (requirements.MinQuality is null && !objective.NeedsQuality)
        {
            return null;
        }

        string[] missing = [.. members.Select(member => member.Missing).OfType<string>().Distinct(StringComparer.OrdinalIgnoreCase)];
        string asked = requirements.MinQuality is null ? $"the objective {objective}" : "MinQuality";
        return missing.Length == 0 ? null
            : $"{asked} needs the Quality of every member: the share of its answers that is right, from 0 to 1, as you have measured it; Default is for requests of every other domain or of none. Add under Ensemble:Models, with your figures: "
                + string.Join(", ", missing) + ".";
    }
}
