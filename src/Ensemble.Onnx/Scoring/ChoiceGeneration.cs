using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Answers with one of given choices: each is scored after the prompt, and the sampling options decide among them.</summary>
internal static class ChoiceGeneration
{
    internal static Answer Run(LoadedModel model, GenerationRequest request, int[] prompt, IAnswerSink sink, CancellationToken cancellationToken)
    {
        string lead = Lead(request);
        IReadOnlyList<string> choices = request.Format.Choices!;
        (string Text, int[] Tokens)[] continuations = [.. choices.Select(choice => (choice, model.Prompts.EncodeText(lead + choice)))];
        if (HasBeginning(continuations))
        {
            // The shorter of "one" and "one more" could never lose: compare whole answers, with their end.
            continuations = [.. continuations.Select(continuation => (continuation.Text, (int[])[.. continuation.Tokens, model.Config.EndIds[0]]))];
        }

        PromptLimit.Require(model, prompt.Length, continuations.Max(continuation => continuation.Tokens.Length));
        ContinuationScores scores = ContinuationScoring.Run(model, prompt, prompt.Length, continuations, request.Tenant, cancellationToken, request.Adapter);
        int chosen = Choose(scores, request.Sampling);
        ContinuationScore score = scores.Scores[chosen];
        IReadOnlyList<TokenLogProbability>? reported = request.TopLogProbabilities is null ? null : score.Tokens;
        sink.Add(ChoiceText.ToJson(score.Text, request.Format.ChoiceProperty), reported);
        return new Answer
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = Answer.MakeUsage(prompt.Length, (int)(scores.Usage.CachedInputTokenCount ?? 0), score.Tokens.Count),
            LogProbabilities = reported,
            Scores = scores,
        };
    }

    // A completion goes on with a word, and a word starts with its space.
    private static string Lead(GenerationRequest request) =>
        request.Template == LocalTemplate.None && request.Messages[^1].Text is [.., var last] && !char.IsWhiteSpace(last) ? " " : "";

    private static bool HasBeginning((string Text, int[] Tokens)[] continuations) =>
        continuations.Any(shorter => continuations.Any(longer => longer.Tokens.Length > shorter.Tokens.Length && longer.Tokens.AsSpan().StartsWith(shorter.Tokens)));

    // The choices stand where tokens stand otherwise: temperature, top-k, top-p, min-p and seed do with them what they do with tokens.
    private static int Choose(ContinuationScores scores, SamplingOptions sampling)
    {
        double best = scores.Scores.Max(score => score.LogLikelihood);
        float[] values = [.. scores.Scores.Select(score => (float)(score.LogLikelihood - best))];
        using TokenSampler sampler = new(sampling, values.Length);
        return sampler.Choose(values);
    }
}
