using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

public sealed partial class OnnxClassifier
{
    // It computes here, and so costs nothing.
    private static readonly MemberTraits Traits = new() { InProcess = true, ReportsFinishReason = true, CallsTools = false };

    private readonly ChatClientMetadata _metadata;

    private readonly LabelScorer _scorer;

    string IEnsembleMember.Name => _encoder.Name;

    /// <summary>Answers with the most probable label of the last thing that the user said; all other messages are not read.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">A schema that is a choice among strings must have all labels; temperature and the like change nothing, since nothing is drawn.</param>
    /// <param name="cancellationToken">Stops the computation between two operators of the model.</param>
    /// <returns>
    /// The label. Its probability stands under <see cref="LabelConfidence.ResponseKey"/>, where a cascade looks for it (<see cref="DeferRule.LabelProbability"/>); the scores of all labels
    /// are the response's <c>RawRepresentation</c>, a <see cref="ContinuationScores"/>.
    /// </returns>
    /// <exception cref="UnsupportedOptionException">The request has no text, or an option cannot be honoured; the message names it.</exception>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (string text, ContinuationScores scores, AdditionalPropertiesDictionary properties) = await AnswerAsync(messages, options, cancellationToken).ConfigureAwait(false);
        string id = NewId();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text) { MessageId = id })
        {
            ResponseId = id,
            ModelId = _encoder.Name,
            FinishReason = ChatFinishReason.Stop,
            Usage = scores.Usage,
            AdditionalProperties = properties,
            RawRepresentation = scores,
        };
    }

    /// <inheritdoc/>
    /// <remarks>The label comes in one piece; see <see cref="GetResponseAsync"/>.</remarks>
    /// <exception cref="UnsupportedOptionException">The request has no text, or an option cannot be honoured; the message names it.</exception>
    /// <exception cref="ModelBusyException">More calls are waiting than allowed.</exception>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (string text, ContinuationScores scores, AdditionalPropertiesDictionary properties) = await AnswerAsync(messages, options, cancellationToken).ConfigureAwait(false);
        string id = NewId();
        yield return new ChatResponseUpdate(ChatRole.Assistant, [new TextContent(text)]) { ModelId = _encoder.Name, ResponseId = id, MessageId = id };

        // Without role and message id its properties become those of the whole response.
        yield return new ChatResponseUpdate(null, [new UsageContent(scores.Usage)])
        {
            ModelId = _encoder.Name,
            ResponseId = id,
            FinishReason = ChatFinishReason.Stop,
            AdditionalProperties = properties,
            RawRepresentation = scores,
        };
    }

    /// <summary>Gets a service of the classifier: <see cref="IContinuationScorer"/>, whose continuations are labels; <see cref="MemberTraits"/>; <see cref="ChatClientMetadata"/>.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">A key; only services without a key are known.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(MemberTraits) ? Traits
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_scorer) ? _scorer
            : null;
    }

    private static string NewId() => $"local-{Guid.NewGuid():N}";

    private async Task<(string Text, ContinuationScores Scores, AdditionalPropertiesDictionary Properties)> AnswerAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ArgumentNullException.ThrowIfNull(messages);
        string text = LabelRequest.ReadText(_encoder.Name, messages);
        AnswerFormat format = LabelRequest.ReadFormat(_encoder.Name, Labels, options);
        TextClassification result = (await ClassifyAsync([text], cancellationToken).ConfigureAwait(false))[0];
        AdditionalPropertiesDictionary properties = new() { [LabelConfidence.ResponseKey] = result.Probability };
        if (options.GetRequestedLogProbabilities() is { } top)
        {
            properties[LogProbabilityExtensions.ResponseKey] = new[] { LabelScorer.Token(result, result.Best, top) };
        }

        return (LabelRequest.Write(result.Label, format), LabelScorer.Score(result, Enumerable.Range(0, Labels.Count), Labels), properties);
    }
}
