namespace Ensemble.Onnx;

/// <summary>Takes an answer piece by piece on the model's thread.</summary>
internal interface IAnswerSink
{
    /// <summary>Takes text that will not change any more, in whole characters.</summary>
    /// <param name="text">The text.</param>
    /// <param name="tokens">The tokens since the last call, when log-probabilities were asked for.</param>
    void Add(string text, IReadOnlyList<TokenLogProbability>? tokens);
}
