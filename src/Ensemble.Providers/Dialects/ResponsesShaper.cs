using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Gives responses a finish reason: the adapter has one for a whole answer only when it is cut off, and for a stream only when it is not.</summary>
internal sealed class ResponsesShaper(AttemptRecord record) : AnswerShaper
{
    private bool _calls;
    private ChatResponseUpdate? _last;
    private ChatFinishReason? _finish;

    public override void Whole(ChatResponse response)
    {
        _calls = response.Messages.Any(message => HasCall(message.Contents));
        response.FinishReason ??= Finish();
    }

    public override void Update(ChatResponseUpdate update)
    {
        _calls |= HasCall(update.Contents);
        _finish ??= update.FinishReason;
        _last = update;
    }

    public override ChatResponseUpdate? End() => _finish is not null || _last is null ? null : new ChatResponseUpdate
    {
        ResponseId = _last.ResponseId,
        MessageId = _last.MessageId,
        ModelId = _last.ModelId,
        Role = ChatRole.Assistant,
        FinishReason = Finish(),
    };

    private static bool HasCall(IList<AIContent> contents)
    {
        foreach (AIContent content in contents)
        {
            if (content is FunctionCallContent)
            {
                return true;
            }
        }

        return false;
    }

    private ChatFinishReason? Finish() => record.FinishReason switch
    {
        ResponsesReader.Completed => _calls ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop,
        "max_output_tokens" => ChatFinishReason.Length,
        "content_filter" => ChatFinishReason.ContentFilter,
        _ => null,
    };
}
