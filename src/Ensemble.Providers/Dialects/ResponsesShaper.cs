using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace Ensemble;

#pragma warning disable OPENAI001 // OpenAI's SDK calls its responses experimental; there is no other way to them.
/// <summary>
/// Gives responses a finish reason, which the adapter has for a whole answer only when it is cut off and for a stream only when it is not,
/// and the log-probabilities that it leaves in OpenAI's objects.
/// </summary>
internal sealed class ResponsesShaper(AttemptRecord record) : AnswerShaper
{
    private bool _calls;
    private bool _hasLogProbabilities;
    private ChatResponseUpdate? _last;
    private ChatFinishReason? _finish;

    public override void Whole(ChatResponse response)
    {
        _calls = response.Messages.Any(message => HasCall(message.Contents));
        response.FinishReason ??= Finish();
        if (response.RawRepresentation is ResponseResult raw && Read(raw) is { Count: > 0 } tokens)
        {
            (response.AdditionalProperties ??= [])[LogProbabilityExtensions.ResponseKey] = tokens;
        }
    }

    public override void Update(ChatResponseUpdate update)
    {
        _calls |= HasCall(update.Contents);
        _finish ??= update.FinishReason;
        _last = update;
        List<TokenLogProbability>? tokens = update.RawRepresentation switch
        {
            StreamingResponseOutputTextDeltaUpdate { TokenLogProbabilities: { Count: > 0 } own } => [.. own.Select(Convert)],

            // A server that puts none on its pieces may still have them all at the end.
            StreamingResponseCompletedUpdate { Response: { } whole } when !_hasLogProbabilities => Read(whole),
            StreamingResponseIncompleteUpdate { Response: { } whole } when !_hasLogProbabilities => Read(whole),
            _ => null,
        };
        if (tokens is { Count: > 0 })
        {
            _hasLogProbabilities = true;
            (update.AdditionalProperties ??= [])[LogProbabilityExtensions.ResponseKey] = tokens;
        }
    }

    public override ChatResponseUpdate? End() => _finish is not null || _last is null ? null : new ChatResponseUpdate
    {
        ResponseId = _last.ResponseId,
        MessageId = _last.MessageId,
        ModelId = _last.ModelId,
        Role = ChatRole.Assistant,
        FinishReason = Finish(),
    };

    private static List<TokenLogProbability> Read(ResponseResult response) =>
        [.. from item in response.OutputItems.OfType<MessageResponseItem>() from part in item.Content from token in part.OutputTextTokenLogProbabilities ?? [] select Convert(token)];

    private static TokenLogProbability Convert(ResponseTokenLogProbabilityDetails token) =>
        new(token.Token, token.LogProbability, id: null, [.. token.TopLogProbabilities.Select(top => new TokenLogProbability(top.Token, top.LogProbability))]);

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
