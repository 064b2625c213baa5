using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Generates free text: the token is chosen from the logits here and appended; runs on the model's thread.</summary>
internal static class TextGeneration
{
    internal static Answer Run(LoadedModel model, GenerationRequest request, int[] prompt, IAnswerSink sink, CancellationToken cancellationToken)
    {
        int limit = Math.Min(request.MaxOutputTokens, model.Config.ContextLength - prompt.Length);
        using AnswerText text = new(model.Tokenizer, request, sink);
        KeptGenerator? kept = model.Pool.Take(request.Tenant, prompt, prompt.Length + limit, request.Adapter);
        try
        {
            int cached = kept.Bring(prompt, cancellationToken);
            RopeCrossing? crossing = model.Folder.RopeLimit is { } rope && prompt.Length <= rope && prompt.Length + limit > rope ? new RopeCrossing(model, kept, prompt, rope) : null;
            int count;
            ChatFinishReason reason;
            try
            {
                (count, reason) = Decode(model, kept.Generator, request, limit, text, cancellationToken, crossing);
            }
            finally
            {
                kept = crossing is null ? kept : crossing.Kept;
            }

            model.Pool.Return(kept!);
            return new Answer
            {
                FinishReason = reason,
                Usage = Answer.MakeUsage(prompt.Length, cached, count),
                LogProbabilities = text.LogProbabilities,
            };
        }
        catch (OperationCanceledException)
        {
            // Nothing is broken: the next request rewinds to what the passes before have read.
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
    }

    /// <summary>Decodes until an end token, a stop sequence or the limit; the cache holds the prompt.</summary>
    internal static (int Count, ChatFinishReason Reason) Decode(
        LoadedModel model, Generator generator, GenerationRequest request, int limit, AnswerText text, CancellationToken cancellationToken, RopeCrossing? crossing = null)
    {
        IReadOnlyList<int> ends = model.Config.EndIds;
        using TokenSampler sampler = new(request.Sampling, model.Config.VocabularySize);
        for (int count = 1; ; count++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            int token;
            using (Logits logits = Logits.Read(generator))
            {
                ReadOnlySpan<float> row = logits.LastRow;
                token = sampler.Choose(row);
                if (Contains(ends, token))
                {
                    text.Finish();
                    return (count, ChatFinishReason.Stop);
                }

                string piece = text.Decode(token);
                text.Add(piece, request.TopLogProbabilities is { } top ? Report(model, row, sampler.Scratch, token, piece, top) : null);
            }

            if (text.IsStopped)
            {
                return (count, ChatFinishReason.Stop);
            }

            if (count == limit)
            {
                text.Finish();
                return (count, ChatFinishReason.Length);
            }

            if (crossing is null)
            {
                generator.AppendToken(token);
            }
            else
            {
                generator = crossing.Append(token, cancellationToken);
            }
        }
    }

    private static bool Contains(IReadOnlyList<int> ends, int token)
    {
        for (int index = 0; index < ends.Count; index++)
        {
            if (ends[index] == token)
            {
                return true;
            }
        }

        return false;
    }

    private static TokenLogProbability Report(LoadedModel model, ReadOnlySpan<float> logits, Span<float> scratch, int token, string piece, int top)
    {
        double sum = LogProbability.LogSumExp(logits, scratch);
        int[] best = LogProbability.Top(logits, top);
        TokenLogProbability[] alternatives = new TokenLogProbability[best.Length];
        for (int index = 0; index < best.Length; index++)
        {
            alternatives[index] = new TokenLogProbability(model.TextOf(best[index]), logits[best[index]] - sum, best[index]);
        }

        return new TokenLogProbability(piece, logits[token] - sum, token, alternatives);
    }
}
