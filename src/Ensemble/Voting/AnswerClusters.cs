using System.Numerics.Tensors;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Puts free answers that say the same together; each group is called by its shortest answer. The result does not depend on the order of the answers.</summary>
internal static class AnswerClusters
{
    /// <summary>Returns the group of each answer; <see langword="null"/> for one that says nothing.</summary>
    public static async Task<IReadOnlyDictionary<string, string?>> FindAsync(IEnumerable<string> answers, AnswerClusterOptions options, CancellationToken cancellationToken)
    {
        string[] sorted = [.. answers.Distinct(StringComparer.Ordinal).OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal)];
        AnswerFacts?[] facts = [.. sorted.Select(text => AnswerFacts.Read(StatedAnswer.Of(text)))];

        // One by one: a vector must not depend on what else is in its batch.
        float[][] vectors = new float[sorted.Length][];
        for (int i = 0; i < sorted.Length; i++)
        {
            vectors[i] = facts[i] is null || !facts.Where((other, j) => j != i && other is not null && other.MayEqual(facts[i]!)).Any()
                ? []
                : (await options.Embeddings.GenerateAsync([StatedAnswer.Of(sorted[i])], cancellationToken: cancellationToken).ConfigureAwait(false))[0].Vector.ToArray();
        }

        return Group(sorted, facts, (i, j) => TensorPrimitives.CosineSimilarity(vectors[i], vectors[j]) >= options.Threshold);
    }

    /// <summary>Groups by what can be compared without an embedding, once that has failed: only what is the same in letters and digits.</summary>
    public static IReadOnlyDictionary<string, string?> FindExact(IEnumerable<string> answers)
    {
        string[] sorted = [.. answers.Distinct(StringComparer.Ordinal).OrderBy(text => text.Length).ThenBy(text => text, StringComparer.Ordinal)];
        AnswerFacts?[] facts = [.. sorted.Select(text => AnswerFacts.Read(StatedAnswer.Of(text)))];
        return Group(sorted, facts, (i, j) => BallotNormalizer.ShortAnswer.Read(sorted[i]) == BallotNormalizer.ShortAnswer.Read(sorted[j]));
    }

    // Every member of a group is related to every other: a chain of half-alike answers is not one answer.
    private static Dictionary<string, string?> Group(string[] sorted, AnswerFacts?[] facts, Func<int, int, bool> related)
    {
        List<List<int>> groups = [];
        Dictionary<string, string?> names = new(StringComparer.Ordinal);
        for (int i = 0; i < sorted.Length; i++)
        {
            if (facts[i] is not { } own)
            {
                names[sorted[i]] = null;
                continue;
            }

            int at = i;
            List<int>? group = groups.Find(members => members.TrueForAll(j => own.MayEqual(facts[j]!) && related(at, j)));
            if (group is null)
            {
                groups.Add(group = []);
            }

            group.Add(i);
            names[sorted[i]] = sorted[group[0]];
        }

        return names;
    }
}
