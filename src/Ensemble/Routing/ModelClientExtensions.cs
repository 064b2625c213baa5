using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes a model of the ensemble out of any client, without a container.</summary>
public static class ModelClientExtensions
{
    /// <summary>Wraps a client as a model: the runtime's ledger reserves before each call and settles after it, and every answer carries a receipt with its cost.</summary>
    /// <param name="client">The client; disposing the model disposes it.</param>
    /// <param name="name">The model's name in receipts and usage.</param>
    /// <param name="price">Its price; <see langword="null"/> when unknown: then no budget pays for it.</param>
    /// <param name="runtime">The clock, the ledger and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <returns>The model.</returns>
    public static IChatClient AsModel(this IChatClient client, string name, Price? price = null, EnsembleRuntime? runtime = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentException.ThrowIfNullOrEmpty(name);
        return new ModelChatClient(name, client, runtime ?? EnsembleRuntime.Default, price: price);
    }
}
