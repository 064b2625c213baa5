using System.Text;

namespace Ensemble.Onnx;

/// <summary>Collects an answer's text.</summary>
internal sealed class AnswerCollector : IAnswerSink
{
    private readonly StringBuilder _text = new();

    public void Add(string text, IReadOnlyList<TokenLogProbability>? tokens) => _text.Append(text);

    public override string ToString() => _text.ToString();
}
