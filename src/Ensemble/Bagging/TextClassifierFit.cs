namespace Ensemble;

/// <summary>What a fit found; everything a classifier needs beside its models and its data.</summary>
/// <param name="Voters">The calibrated voters; empty without bags.</param>
/// <param name="OutOfBag">For each example what the voters say that were not shown it; <see langword="null"/> without bags.</param>
/// <param name="BagTemperature">What the mean log-probability of the bags is multiplied by.</param>
/// <param name="EmbeddingTemperature">The same for the embedding member.</param>
/// <param name="FusionTemperature">The same for both together.</param>
/// <param name="Threshold">The confidence below which an answer defers.</param>
/// <param name="BagThreshold">The same for the bags by themselves, when the embedding member is missing in a request.</param>
/// <param name="EmbeddingThreshold">The same for the embedding member by itself, when no voter was heard.</param>
/// <param name="Right">How many labelled examples are right, each judged by those that had not seen it.</param>
/// <param name="Judged">How many were judged.</param>
internal sealed record TextClassifierFit(
    IReadOnlyList<BaggedVoter> Voters, IReadOnlyList<double[]?>? OutOfBag, double BagTemperature, double EmbeddingTemperature, double FusionTemperature, double Threshold, double BagThreshold, double EmbeddingThreshold, int Right, int Judged)
{
    /// <summary>Puts the calibrated rows of labelled examples together and measures them.</summary>
    /// <param name="voters">The voters.</param>
    /// <param name="bags">For each example the rows of the voters that were not shown it.</param>
    /// <param name="embedding">For each example the row of a classifier that has not seen it.</param>
    /// <param name="labels">The right labels.</param>
    /// <param name="target">Which share above the threshold must be right.</param>
    public static TextClassifierFit Create(IReadOnlyList<BaggedVoter> voters, IReadOnlyList<double[]?>? bags, IReadOnlyList<double[]>? embedding, int[] labels, double target)
    {
        int[] judged = [.. Enumerable.Range(0, labels.Length).Where(i => bags?[i] is not null || bags is null)];
        int[] right = [.. judged.Select(i => labels[i])];
        double bagTemperature = bags is null ? 1 : CalibrationFit.Temperature([.. judged.Select(i => bags[i]!)], right);
        double embeddingTemperature = embedding is null ? 1 : CalibrationFit.Temperature([.. judged.Select(i => embedding[i])], right);
        double[][] rows = [.. judged.Select(i => Average(
            bags is null ? null : BaggingMath.Scale(bags[i]!, bagTemperature), embedding is null ? null : BaggingMath.Scale(embedding[i], embeddingTemperature)))];
        double fusion = bags is null || embedding is null ? 1 : CalibrationFit.Temperature(rows, right);
        double[][] final = [.. rows.Select(row => BaggingMath.Scale(row, fusion))];
        return new(voters, bags, bagTemperature, embeddingTemperature, fusion, FindThreshold(final, right, target), Alone(bags, bagTemperature), Alone(embedding, embeddingTemperature), final.Where((row, i) => BaggingMath.Best(row) == right[i]).Count(), judged.Length);

        // By itself a member has the same temperature, and another threshold.
        double Alone(IReadOnlyList<double[]?>? member, double temperature) =>
            member is null ? 1 : FindThreshold([.. judged.Select(i => BaggingMath.Scale(member[i]!, temperature))], right, target);
    }

    /// <summary>Averages the members that there are.</summary>
    public static double[] Average(double[]? bags, double[]? embedding) =>
        bags is null ? embedding! : embedding is null ? bags : BaggingMath.Mean([bags, embedding]);

    // The smallest confidence such that enough of the rows at least as sure are right; 1 when there is none: then everything defers. When all rows
    // together are right enough, nobody is known below the least sure of them; a confidence is calibrated, so what has the target itself may stay.
    // Without that, examples that are all right would make nearly every new text defer.
    private static double FindThreshold(double[][] rows, int[] labels, double target)
    {
        (double Confidence, bool Right)[] sorted =
            [.. rows.Select((row, i) => (Math.Exp(row[BaggingMath.Best(row)]), BaggingMath.Best(row) == labels[i])).OrderByDescending(row => row.Item1)];
        double threshold = 1;
        int right = 0;
        for (int i = 0; i < sorted.Length; i++)
        {
            right += sorted[i].Right ? 1 : 0;
            bool isLastOfEquals = i + 1 == sorted.Length || sorted[i + 1].Confidence < sorted[i].Confidence;
            threshold = isLastOfEquals && right >= target * (i + 1) ? sorted[i].Confidence : threshold;
        }

        return sorted.Length > 0 && right >= target * sorted.Length ? Math.Min(threshold, target) : threshold;
    }
}
