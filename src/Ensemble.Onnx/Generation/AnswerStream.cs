using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Hands an answer's pieces from the model's thread to the reader of a stream; the answer's limit bounds what can wait.</summary>
internal sealed class AnswerStream(string modelName, string id) : IAnswerSink
{
    private readonly Channel<ChatResponseUpdate> _updates = Channel.CreateUnbounded<ChatResponseUpdate>(new UnboundedChannelOptions { SingleReader = true, SingleWriter = true });

    internal ChannelReader<ChatResponseUpdate> Reader => _updates.Reader;

    public void Add(string text, IReadOnlyList<TokenLogProbability>? tokens)
    {
        ChatResponseUpdate update = new(ChatRole.Assistant, [new TextContent(text)]) { ModelId = modelName, ResponseId = id, MessageId = id };
        if (tokens is not null)
        {
            update.AdditionalProperties = new() { [LogProbabilityExtensions.ResponseKey] = tokens };
        }

        _updates.Writer.TryWrite(update);
    }

    /// <summary>Writes the last update, with the usage and the reason for the end.</summary>
    internal void Finish(Answer answer, AdditionalPropertiesDictionary properties)
    {
        // Without role and message id its properties become those of the whole response.
        _updates.Writer.TryWrite(new ChatResponseUpdate(null, [new UsageContent(answer.Usage)])
        {
            ModelId = modelName,
            ResponseId = id,
            FinishReason = answer.FinishReason,
            AdditionalProperties = properties,
            RawRepresentation = answer.Scores,
        });
    }

    /// <summary>Ends the stream, with an error if there was one.</summary>
    internal void Complete(Exception? error) => _updates.Writer.TryComplete(error);
}
