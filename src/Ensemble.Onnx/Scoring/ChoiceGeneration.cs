using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Answers with one of given choices: each is scored after the prompt, and the temperature decides whether the best is taken or one is drawn.</summary>
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
        ContinuationScores scores = ContinuationScoring.Run(model, prompt, prompt.Length, continuations, request.Tenant, cancellationToken);
        int chosen = Choose(scores, request.Sampling);
        ContinuationScore score = scores.Scores[chosen];
        IReadOnlyList<TokenLogProbability>? reported = request.TopLogProbabilities is null ? null : score.Tokens;
        sink.Add(ToJson(score.Text, request.Format.ChoiceProperty), reported);
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

    private static int Choose(ContinuationScores scores, SamplingOptions sampling)
    {
        double[] values = [.. scores.Scores.Select(score => score.LogLikelihood)];
        int best = Array.IndexOf(values, values.Max());
        if (sampling.Temperature == 0)
        {
            return best;
        }

        double[] weights = [.. values.Select(value => Math.Exp((value - values[best]) / sampling.Temperature))];
        double target = SeededDraw.At(sampling.Seed, 0) * weights.Sum();
        for (int index = 0; index < weights.Length; index++)
        {
            target -= weights[index];
            if (target < 0)
            {
                return index;
            }
        }

        return best;
    }

    private static string ToJson(string choice, string? property)
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter json = new(stream, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))
        {
            if (property is null)
            {
                json.WriteStringValue(choice);
            }
            else
            {
                json.WriteStartObject();
                json.WriteString(property, choice);
                json.WriteEndObject();
            }
        }

        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }
}
