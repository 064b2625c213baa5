using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Scores labels as continuations, so that a vote over probabilities asks a classifier as it asks a language model.</summary>
internal sealed class LabelScorer(OnnxClassifier classifier) : IContinuationScorer
{
    public async Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(request);
        string name = ((IEnsembleMember)classifier).Name!;
        string text = request.Messages is { } messages ? LabelRequest.ReadText(name, messages) : request.Prefix + request.Query;
        int[] labels = [.. request.Continuations.Select(continuation => Find(name, continuation))];
        TextClassification result = (await classifier.ClassifyAsync([text], cancellationToken).ConfigureAwait(false))[0];
        return Score(result, labels, request.Continuations);
    }

    /// <summary>The scores of some labels, each under the text that it was asked by.</summary>
    internal static ContinuationScores Score(TextClassification result, IEnumerable<int> labels, IEnumerable<string> texts) => new(
        [.. labels.Zip(texts, (label, text) => new ContinuationScore(text, [Token(result, label)]))],
        new UsageDetails { InputTokenCount = result.TokenCount, OutputTokenCount = 0, TotalTokenCount = result.TokenCount });

    /// <summary>A label as one token, with the most probable ones beside it.</summary>
    internal static TokenLogProbability Token(TextClassification result, int label, int top = 0) => new(
        result.Probabilities[label].Key,
        result.LogProbabilities[label],
        label,
        [.. Enumerable.Range(0, result.Probabilities.Count).OrderByDescending(other => result.LogProbabilities[other]).Take(top).Select(other => Token(result, other))]);

    // Language models are asked for words with the space before them.
    private int Find(string name, string continuation)
    {
        for (int label = 0; label < classifier.Labels.Count; label++)
        {
            if (classifier.Labels[label].Equals(continuation.Trim(), StringComparison.OrdinalIgnoreCase))
            {
                return label;
            }
        }

        throw new UnsupportedOptionException($"{name}: '{continuation}' is none of the labels {string.Join(", ", classifier.Labels)}. Name the choices as the classifier does.");
    }
}
