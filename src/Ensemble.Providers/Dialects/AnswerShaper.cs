using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Gives the answers of all SDKs the same shape, one answer each: finish reason, refusal, log-probabilities, usage.</summary>
internal class AnswerShaper
{
    /// <summary>Completes a whole answer.</summary>
    public virtual void Whole(ChatResponse response)
    {
    }

    /// <summary>Completes one update of a stream.</summary>
    public virtual void Update(ChatResponseUpdate update)
    {
    }

    /// <summary>What the adapter left out and has to follow its last update.</summary>
    public virtual ChatResponseUpdate? End() => null;
}
