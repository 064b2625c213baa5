using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>
/// A local text classifier (sequence classification: sentiment, topics, safety, language) on ONNX Runtime. It classifies texts
/// (<see cref="ClassifyAsync"/>), and as an <see cref="IChatClient"/> it answers the last thing that the user said with its label, so that it can be a member of a
/// router, panel or cascade. One instance is one loaded model; it is safe for concurrent use, and the caller's thread never computes.
/// </summary>
public sealed partial class OnnxClassifier : IChatClient, IEnsembleMember
{
    private readonly Encoder _encoder;

    private readonly ClassifierLabels _labels;

    /// <summary>Loads a model.</summary>
    /// <param name="folder">The folder with the model, <c>config.json</c> and the files of its tokenizer; <c>docs/local-models.md</c> lists the layouts.</param>
    /// <param name="options">How to run it; <see langword="null"/> for the defaults.</param>
    /// <exception cref="ModelLoadException">A file is missing or says what cannot be followed, the model is no classifier, or the native runtime is missing.</exception>
    /// <exception cref="ArgumentOutOfRangeException">An option is outside its range.</exception>
    public OnnxClassifier(string folder, OnnxEncoderOptions? options = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(folder);
        EncoderFolder files = EncoderFolder.Open(folder);
        _labels = ClassifierLabels.Read(files);
        _encoder = Encoder.Load(files, options ?? new OnnxEncoderOptions(), outputs => LogitsOutput.Choose(outputs, files, _labels.Names.Length));
        _metadata = new ChatClientMetadata("onnx", new Uri(Path.GetFullPath(files.Path) + Path.DirectorySeparatorChar), _encoder.Name);
        _scorer = new LabelScorer(this);
    }

    /// <summary>Gets the labels, in the order of the model.</summary>
    public IReadOnlyList<string> Labels => _labels.Names;

    /// <summary>Gets whether several labels can hold at once, each with a probability of its own; otherwise the probabilities of all labels add up to 1.</summary>
    public bool IsMultiLabel => _labels.IsMultiLabel;

    /// <summary>Classifies some texts.</summary>
    /// <param name="texts">The texts; of one that is longer than the model reads the end is cut off.</param>
    /// <param name="cancellationToken">Stops the computation between two operators of the model.</param>
    /// <returns>One result a text, in their order.</returns>
    /// <exception cref="ArgumentException">A text is null.</exception>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    public async Task<IReadOnlyList<TextClassification>> ClassifyAsync(IEnumerable<string> texts, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(texts);
        string[] all = [.. texts];
        if (Array.IndexOf(all, null) is int missing and >= 0)
        {
            throw new ArgumentException($"Text {missing} is null.", nameof(texts));
        }

        _encoder.ThrowIfDisposed(this);
        cancellationToken.ThrowIfCancellationRequested();
        TextClassification[] results = new TextClassification[all.Length];
        int[] tokens = new int[all.Length];
        if (all.Length > 0)
        {
            await _encoder.RunAsync(
                all.Length,
                index =>
                {
                    EncoderInput input = _encoder.Tokenizer.Encode(all[index], _encoder.MaxTokens);
                    tokens[index] = input.Length;
                    return input;
                },
                (index, logits) => results[index] = new TextClassification(_labels.Names, _labels.LogProbabilities(logits), tokens[index]),
                cancellationToken).ConfigureAwait(false);
        }

        return results;
    }

    /// <summary>Frees the model once the calls under way have ended; later calls throw. Disposing twice does nothing.</summary>
    public void Dispose() => _encoder.Dispose();
}
