using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Ollama says <c>stop</c> also when it calls tools; here that is <c>tool_calls</c>, as everywhere.</summary>
internal sealed class OllamaShaper : AnswerShaper
{
    private bool _calls;

    public override void Whole(ChatResponse response)
    {
        if (response.FinishReason == ChatFinishReason.Stop && response.Messages.Any(message => message.Contents.Any(content => content is FunctionCallContent)))
        {
            response.FinishReason = ChatFinishReason.ToolCalls;
        }
    }

    public override void Update(ChatResponseUpdate update)
    {
        foreach (AIContent content in update.Contents)
        {
            _calls |= content is FunctionCallContent;
        }

        if (_calls && update.FinishReason == ChatFinishReason.Stop)
        {
            update.FinishReason = ChatFinishReason.ToolCalls;
        }
    }
}
