using System.Globalization;

namespace Ensemble;

/// <summary>Says in words what decided for the first candidate of a plan: the objective, or a key that counts before it.</summary>
internal static class DecisionReason
{
    /// <summary>Describes the choice.</summary>
    /// <param name="question">The candidates, their signals and what was required.</param>
    /// <param name="objective">What was preferred.</param>
    /// <param name="plan">Those that qualify, in order; at least one.</param>
    /// <param name="scores">The scores of the candidates; lower is better.</param>
    /// <returns>For instance <c>cheapest of 3 that qualify</c>, or <c>best of 1 preferred as local, 3 qualify</c>.</returns>
    public static string Describe(in SelectionQuestion question, Objective objective, ReadOnlySpan<int> plan, ReadOnlySpan<double> scores)
    {
        Candidate chosen = question.Candidates[plan[0]];
        bool byPlace = question.Requirements.Placement is Placement.PreferLocal or Placement.PreferCloud;
        int peers = 0;
        bool othersOut = false;
        bool othersElsewhere = false;
        bool othersLater = false;
        HashSet<int> equals = [];
        foreach (int candidate in plan)
        {
            Candidate other = question.Candidates[candidate];
            if (question.Signals[candidate].IsOut != question.Signals[plan[0]].IsOut)
            {
                othersOut = true;
            }
            else if (byPlace && other.IsLocal != chosen.IsLocal)
            {
                othersElsewhere = true;
            }
            else if (scores[candidate] < scores[plan[0]])
            {
                // Better, and behind: a deployment that waits for one of its own model with a lower tier.
                othersLater = true;
            }
            else
            {
                peers++;
                _ = scores[candidate] == scores[plan[0]] && equals.Add(other.MemberIndex);
            }
        }

        List<string> keys = [];
        Add(keys, othersOut, "available");
        Add(keys, othersElsewhere, chosen.IsLocal ? "local" : "hosted");
        Add(keys, othersLater, string.Create(CultureInfo.InvariantCulture, $"of tier {chosen.Tier}"));
        string drawn = equals.Count > 1 ? string.Create(CultureInfo.InvariantCulture, $", drawn among {equals.Count} equals") : "";
        return keys.Count == 0
            ? string.Create(CultureInfo.InvariantCulture, $"{objective.Describe()} of {plan.Length} that qualify{drawn}")
            : string.Create(CultureInfo.InvariantCulture, $"{objective.Describe()} of {peers} preferred as {string.Join(" and ", keys)}, {plan.Length} qualify{drawn}");
    }

    private static void Add(List<string> keys, bool holds, string key)
    {
        if (holds)
        {
            keys.Add(key);
        }
    }
}
