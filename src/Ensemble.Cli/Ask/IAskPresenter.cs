using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Shows an answer as it arrives.</summary>
internal interface IAskPresenter
{
    /// <summary>Takes the next piece.</summary>
    /// <param name="update">The piece.</param>
    void Update(ChatResponseUpdate update);

    /// <summary>Takes the whole answer once it is complete.</summary>
    /// <param name="response">The answer.</param>
    void End(ChatResponse response);
}
