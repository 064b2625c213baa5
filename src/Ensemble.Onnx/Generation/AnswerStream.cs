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
        ChatResponseUpdate update = New(new TextContent(text));
        if (tokens is not null)
        {
            update.AdditionalProperties = new() { [LogProbabilityExtensions.ResponseKey] = tokens };
        }

        _updates.Writer.TryWrite(update);
    }

    /// <summary>Writes the last update, with the usage and the reason for the end.</summary>
    internal void Finish(Answer answer, AdditionalPropertiesDictionary properties)
    {
        ChatResponseUpdate update = New(new UsageContent(answer.Usage));
        update.FinishReason = answer.FinishReason;
        update.AdditionalProperties = properties;
        update.RawRepresentation = answer.Scores;
        _updates.Writer.TryWrite(update);
    }

    /// <summary>Ends the stream, with an error if there was one.</summary>
    internal void Complete(Exception? error) => _updates.Writer.TryComplete(error);

    private ChatResponseUpdate New(AIContent content) =>
        new(ChatRole.Assistant, [content]) { ModelId = modelName, ResponseId = id, MessageId = id };
}
