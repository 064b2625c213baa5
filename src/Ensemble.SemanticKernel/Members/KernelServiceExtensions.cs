using Microsoft.Extensions.AI;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble;

/// <summary>Makes members of an ensemble out of what a Kernel holds.</summary>
public static class KernelServiceExtensions
{
    /// <summary>
    /// Makes a chat service of a Kernel a member: of a router, a panel, anything that takes an <see cref="IChatClient"/>. Usage
    /// and finish reason are read from the metadata of its answers, where most connectors write them; where none are, tokens and price are unknown in the receipt. Functions are not invoked inside: whoever asks the ensemble does that.
    /// </summary>
    /// <param name="service">The service; whoever made it disposes it.</param>
    /// <returns>The member.</returns>
    public static IChatClient AsEnsembleMember(this IChatCompletionService service)
    {
        ArgumentNullException.ThrowIfNull(service);
        return new KernelServiceChatClient(service);
    }
}
