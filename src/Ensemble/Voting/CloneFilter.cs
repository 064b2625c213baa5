namespace Ensemble;

/// <summary>Finds voters that are one and the same, asked twice: together they have the weight of one.</summary>
internal static class CloneFilter
{
    /// <summary>Returns the weight of each voter: 1, or 1/n for each of n clones.</summary>
    public static double[] Weights(IReadOnlyList<Member> voters, float? temperature)
    {
        double[] weights = new double[voters.Count];
        for (int i = 0; i < weights.Length; i++)
        {
            int clones = 0;
            for (int j = 0; j < weights.Length; j++)
            {
                clones += i == j || AreClones(voters[i], voters[j], temperature) ? 1 : 0;
            }

            weights[i] = 1.0 / clones;
        }

        return weights;
    }

    // The same client with the same prompt and options; samples differ by their seed, which matters unless the answer is greedy.
    private static bool AreClones(Member left, Member right, float? temperature) =>
        ReferenceEquals(left.Client, right.Client)
        || (left.Client is VariationChatClient a && right.Client is VariationChatClient b && a.IsSameAs(b, temperature));
}
