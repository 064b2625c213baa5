using System.Text;
using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Ensemble;

/// <summary>Adds what the platform's adapter leaves in OpenAI's objects: log-probabilities, and a streamed refusal that comes without tool calls.</summary>
internal sealed class ChatCompletionsShaper : AnswerShaper
{
    private const string RefusalCode = "Refusal";

    private StringBuilder? _refusal;
    private ChatResponseUpdate? _last;

    public override void Whole(ChatResponse response)
    {
        if (response.RawRepresentation is ChatCompletion { ContentTokenLogProbabilities: { Count: > 0 } details })
        {
            (response.AdditionalProperties ??= [])[LogProbabilityExtensions.ResponseKey] = Convert(details);
        }
    }

    public override void Update(ChatResponseUpdate update)
    {
        if (update.RawRepresentation is not StreamingChatCompletionUpdate raw)
        {
            // The adapter's own last update carries the refusal along with the tool calls.
            if (update.Contents.Any(content => content is ErrorContent { ErrorCode: RefusalCode }))
            {
                _refusal = null;
            }

            return;
        }

        _last = update;
        if (raw.RefusalUpdate is { Length: > 0 } refusal)
        {
            (_refusal ??= new()).Append(refusal);
        }

        if (raw.ContentTokenLogProbabilities is { Count: > 0 } details)
        {
            (update.AdditionalProperties ??= [])[LogProbabilityExtensions.ResponseKey] = Convert(details);
        }
    }

    public override ChatResponseUpdate? End() => _refusal is null ? null : new ChatResponseUpdate(
        ChatRole.Assistant, [new ErrorContent(_refusal.ToString()) { ErrorCode = RefusalCode }])
    {
        ResponseId = _last?.ResponseId,
        MessageId = _last?.MessageId,
        ModelId = _last?.ModelId,
    };

    private static TokenLogProbability[] Convert(IReadOnlyList<ChatTokenLogProbabilityDetails> details)
    {
        TokenLogProbability[] converted = new TokenLogProbability[details.Count];
        for (int i = 0; i < converted.Length; i++)
        {
            ChatTokenLogProbabilityDetails token = details[i];
            converted[i] = new(token.Token, token.LogProbability, id: null, [.. token.TopLogProbabilities.Select(t => new TokenLogProbability(t.Token, t.LogProbability))]);
        }

        return converted;
    }
}
