using System.Buffers;

namespace Ensemble.Onnx;

/// <summary>Scores continuations after a prompt; runs on the model's thread.</summary>
internal static class ContinuationScoring
{
    /// <summary>Scores each continuation.</summary>
    /// <param name="model">The model.</param>
    /// <param name="prompt">The prompt's tokens.</param>
    /// <param name="keep">How many of them, from the front, are worth keeping for later calls.</param>
    /// <param name="continuations">Each continuation's text and tokens.</param>
    /// <param name="tenant">Whose kept prompts may be used.</param>
    /// <param name="cancellationToken">Cancels within one pass.</param>
    internal static ContinuationScores Run(
        LoadedModel model, int[] prompt, int keep, IReadOnlyList<(string Text, int[] Tokens)> continuations, string? tenant, CancellationToken cancellationToken)
    {
        int longest = continuations.Max(continuation => continuation.Tokens.Length);
        float[] scratch = ArrayPool<float>.Shared.Rent(model.Config.VocabularySize);
        KeptGenerator kept = model.Pool.Take(tenant, prompt, prompt.Length + longest);
        try
        {
            int cached = kept.Bring(prompt, cancellationToken);
            double[][] values = [.. continuations.Select(continuation => new double[continuation.Tokens.Length])];
            using (Logits logits = Logits.Read(kept.Generator))
            {
                ReadOnlySpan<float> row = logits.LastRow;
                double sum = LogProbability.LogSumExp(row, scratch);
                for (int index = 0; index < values.Length; index++)
                {
                    values[index][0] = row[continuations[index].Tokens[0]] - sum;
                }
            }

            int output = 0;
            for (int index = 0; index < values.Length; index++)
            {
                int[] tokens = continuations[index].Tokens;
                output += tokens.Length;
                if (tokens.Length > 1)
                {
                    cancellationToken.ThrowIfCancellationRequested();
                    kept = ScoreRest(model, kept, prompt, tokens, values[index], scratch, cancellationToken);
                }
            }

            kept.Truncate(keep);
            model.Pool.Return(kept);
            return new ContinuationScores([.. continuations.Select((continuation, index) => MakeScore(model, continuation, values[index]))], Answer.MakeUsage(prompt.Length, cached, output));
        }
        catch (OperationCanceledException)
        {
            model.Pool.Return(kept);
            throw;
        }
        catch
        {
            kept.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    // The cache holds the prompt, perhaps with another continuation behind it.
    private static KeptGenerator ScoreRest(LoadedModel model, KeptGenerator kept, int[] prompt, int[] tokens, double[] values, float[] scratch, CancellationToken cancellationToken)
    {
        if (kept.Generator.TokenCount() > (ulong)prompt.Length)
        {
            if (model.Capabilities.CanRewind)
            {
                kept.Generator.RewindTo((ulong)prompt.Length);
            }
            else
            {
                kept.Dispose();
                kept = model.Pool.Take(kept.Tenant, prompt, kept.MaxLength);
                kept.Bring(prompt, cancellationToken);
            }
        }

        int pass = model.Capabilities.AllLogits ? Math.Min(GeneratorExtensions.PassLength, tokens.Length - 1) : 1;
        for (int start = 0; start < tokens.Length - 1; start += pass)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int length = Math.Min(pass, tokens.Length - 1 - start);
            kept.Generator.AppendTokens(tokens.AsSpan(start, length));
            using Logits logits = Logits.Read(kept.Generator);
            for (int row = 0; row < length; row++)
            {
                ReadOnlySpan<float> next = logits[row];
                values[start + row + 1] = next[tokens[start + row + 1]] - LogProbability.LogSumExp(next, scratch);
            }
        }

        return kept;
    }

    private static ContinuationScore MakeScore(LoadedModel model, (string Text, int[] Tokens) continuation, double[] values) =>
        new(continuation.Text, [.. continuation.Tokens.Select((token, index) => new TokenLogProbability(model.TextOf(token), values[index], token))]);
}
