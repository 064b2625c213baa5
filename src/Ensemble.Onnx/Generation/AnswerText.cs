using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Makes the text of an answer from its tokens: whole characters, up to the first stop sequence.</summary>
internal sealed class AnswerText : IDisposable
{
    private readonly TokenizerStream _stream;
    private readonly StopSequenceFilter _filter;
    private readonly IAnswerSink _sink;
    private readonly List<TokenLogProbability>? _all;
    private List<TokenLogProbability> _pending = [];

    internal AnswerText(Tokenizer tokenizer, GenerationRequest request, IAnswerSink sink)
    {
        _stream = tokenizer.CreateStream();
        _filter = new StopSequenceFilter(request.StopSequences);
        _sink = sink;
        _all = request.TopLogProbabilities is null ? null : [];
    }

    internal bool IsStopped => _filter.IsStopped;

    internal IReadOnlyList<TokenLogProbability>? LogProbabilities => _all;

    /// <summary>Decodes a token and returns the text that it completes, perhaps none.</summary>
    internal string Decode(int token) => _stream.Decode(token);

    /// <summary>Adds a token's text to the answer.</summary>
    internal void Add(string piece, TokenLogProbability? token)
    {
        if (token is not null)
        {
            _all!.Add(token);
            _pending.Add(token);
        }

        Emit(_filter.Add(piece));
    }

    /// <summary>Lets out what was held back.</summary>
    internal void Finish() => Emit(_filter.Finish());

    public void Dispose() => _stream.Dispose();

    private void Emit(string text)
    {
        if (text.Length == 0)
        {
            return;
        }

        if (_all is null)
        {
            _sink.Add(text, null);
            return;
        }

        _sink.Add(text, _pending);
        _pending = [];
    }
}
