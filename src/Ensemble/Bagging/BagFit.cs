namespace Ensemble;

/// <summary>Calibrates voters on the examples that each was not shown.</summary>
internal static class BagFit
{
    /// <summary>Scores every example once for each voter that was not shown it.</summary>
    /// <returns>The voters, and for each example what those that were not shown it say, calibrated.</returns>
    public static async Task<(BaggedVoter[] Voters, List<double[]>[] OutOfBag)> RunAsync(
        BagScorer scorer, bool fitsSlope, IProgress<BaggingProgress>? progress, CancellationToken cancellationToken)
    {
        BaggingData data = scorer.Data;
        int[] labels = data.LabelIndices();
        int total = data.Bags.Sum(bag => data.Examples.Count - bag.Count);
        int done = 0;
        BaggedVoter[] voters = new BaggedVoter[data.Bags.Count];
        List<double[]>[] calibrated = [.. data.Examples.Select(_ => new List<double[]>())];
        for (int k = 0; k < voters.Length; k++)
        {
            // One voter after another: a kept prefix is used while it is warm, and batching would not be faster on a CPU.
            string prefix = BagPrompt.Prefix(data, data.Bags[k]);
            int[] outside = [.. Enumerable.Range(0, data.Examples.Count).Except(data.Bags[k])];
            double[][] rows = new double[outside.Length][];
            for (int i = 0; i < outside.Length; i++)
            {
                (rows[i], _) = await scorer.ScoreAsync($"voter{k + 1}", prefix, data.Examples[outside[i]].Text, cancellationToken).ConfigureAwait(false);
                progress?.Report(new BaggingProgress(++done, total));
            }

            int[] right = [.. outside.Select(i => labels[i])];
            double[] center = BaggingMath.Center(rows, right, data.Labels.Count);
            ChoiceCalibration? calibration = fitsSlope ? CalibrationFit.Fit([.. rows.Select(row => BaggingMath.Calibrate(row, center))], right) : null;
            BaggedVoter voter = voters[k] = new BaggedVoter($"voter{k + 1}", prefix, center, calibration);
            for (int i = 0; i < outside.Length; i++)
            {
                calibrated[outside[i]].Add(voter.Calibrate(rows[i]));
            }
        }

        return (voters, calibrated);
    }
}
