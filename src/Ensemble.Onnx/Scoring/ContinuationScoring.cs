using System.Buffers;
using System.Diagnostics.CodeAnalysis;

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
    /// <param name="adapter">The file of the adapter that scores.</param>
    internal static ContinuationScores Run(
        LoadedModel model, int[] prompt, int keep, IReadOnlyList<(string Text, int[] Tokens)> continuations, string? tenant, CancellationToken cancellationToken, string? adapter = null)
    {
        int longest = continuations.Max(continuation => continuation.Tokens.Length);
        RequireOneSideOfTheRope(model, prompt.Length, longest);
        float[] scratch = ArrayPool<float>.Shared.Rent(model.Config.VocabularySize);
        KeptGenerator? kept = model.Pool.Take(tenant, prompt, prompt.Length + longest, adapter);
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
                    ReturnToPrompt(model, ref kept, prompt, cancellationToken);
                    ScoreRest(model, kept, tokens, values[index], scratch, cancellationToken);
                }
            }

            kept.Truncate(keep);
            model.Pool.Return(kept);
            return new ContinuationScores([.. continuations.Select((continuation, index) => MakeScore(model, continuation, values[index]))], Answer.MakeUsage(prompt.Length, cached, output));
        }
        catch (OperationCanceledException)
        {
            if (kept is not null)
            {
                model.Pool.Return(kept);
            }

            throw;
        }
        catch
        {
            kept?.Dispose();
            throw;
        }
        finally
        {
            ArrayPool<float>.Shared.Return(scratch);
        }
    }

    /// <summary>Takes from the cache what another continuation has put behind the prompt. A model that cannot rewind reads the prompt again with a new generator; whichever is held at the end, and no other, is the caller's to end.</summary>
    internal static void ReturnToPrompt(LoadedModel model, [NotNull] ref KeptGenerator? kept, int[] prompt, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(kept);
        if (kept.Generator.TokenCount() <= (ulong)prompt.Length)
        {
            return;
        }

        if (model.Capabilities.CanRewind)
        {
            kept.Generator.RewindTo((ulong)prompt.Length);
            return;
        }

        (string? tenant, string? adapter, int length) = (kept.Tenant, kept.Adapter, kept.MaxLength);
        kept.Dispose();
        kept = null;
        kept = model.Pool.Take(tenant, prompt, length, adapter);
        kept.Bring(prompt, cancellationToken);
    }

    private static void RequireOneSideOfTheRope(LoadedModel model, int prompt, int longest)
    {
        if (model.Folder.RopeLimit is { } limit && prompt <= limit && prompt + longest > limit)
        {
            throw new UnsupportedOptionException(
                $"'{model.Folder.Name}' changes all its positions at {limit} tokens, and the prompt of {prompt} with continuations of up to {longest} stands across that length: shorten the prompt, so that both stay below.");
        }
    }

    private static void ScoreRest(LoadedModel model, KeptGenerator kept, int[] tokens, double[] values, float[] scratch, CancellationToken cancellationToken)
    {
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
    }

    private static ContinuationScore MakeScore(LoadedModel model, (string Text, int[] Tokens) continuation, double[] values) =>
        new(continuation.Text, [.. continuation.Tokens.Select((token, index) => new TokenLogProbability(model.TextOf(token), values[index], token))]);
}
