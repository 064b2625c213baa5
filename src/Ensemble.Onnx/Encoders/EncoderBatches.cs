namespace Ensemble.Onnx;

/// <summary>Puts inputs of like length together, so that little padding is computed and a batch stays within a bound of memory.</summary>
internal static class EncoderBatches
{
    // Attention keeps heads * length^2 floats a row: 8 rows of 512 tokens take about 100 MB on the shipped model, and larger
    // batches of long rows are no faster.
    private const int MaxPaddedTokens = 4096;

    /// <summary>Gives the indexes of the inputs, each exactly once, batch by batch.</summary>
    internal static List<int[]> Plan(EncoderInput[] inputs, int maxBatchSize)
    {
        int[] order = new int[inputs.Length];
        for (int i = 0; i < order.Length; i++)
        {
            order[i] = i;
        }

        Array.Sort(order, (a, b) => inputs[a].Length != inputs[b].Length ? inputs[a].Length.CompareTo(inputs[b].Length) : a.CompareTo(b));
        List<int[]> batches = [];
        for (int start = 0, end; start < order.Length; start = end)
        {
            end = start + 1;
            while (end < order.Length && end - start < maxBatchSize && (end - start + 1) * inputs[order[end]].Length <= MaxPaddedTokens)
            {
                end++;
            }

            batches.Add(order[start..end]);
        }

        return batches;
    }
}
