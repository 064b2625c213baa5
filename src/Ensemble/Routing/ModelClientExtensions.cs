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

    /// <summary>Wraps a client as a model of which it is known what it is and where it runs, so that rules about places, data and price can be checked before it is asked.</summary>
    /// <param name="client">The client; disposing the model disposes it.</param>
    /// <param name="description">Its name, its card, and the one place where it runs.</param>
    /// <param name="runtime">The clock, the ledger and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <returns>The model.</returns>
    /// <exception cref="ArgumentException">The description has no deployment, or more than one: each is a client of its own.</exception>
    public static IChatClient AsModel(this IChatClient client, SelectionMember description, EnsembleRuntime? runtime = null)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(description);
        return description.Deployments is [var place]
            ? new ModelChatClient(description.Name, client, runtime ?? EnsembleRuntime.Default, description, Candidate.PriceOf(description.Card, place))
            : throw new ArgumentException($"'{description.Name}' has {description.Deployments.Count} deployments, and a client reaches one; describe that one.", nameof(description));
    }

    /// <summary>Says of an embedding model where it runs and what it promises about data, so that it is asked where the rules of a request allow; one outside this process that nobody described is refused by every rule about places and data.</summary>
    /// <param name="embeddings">The embedding model; disposing what is returned disposes it.</param>
    /// <param name="description">Its name, its card, and the one place where it runs.</param>
    /// <returns>The described embedding model.</returns>
    /// <exception cref="ArgumentException">The description has no deployment, or more than one.</exception>
    public static IEmbeddingGenerator<string, Embedding<float>> AsModel(this IEmbeddingGenerator<string, Embedding<float>> embeddings, SelectionMember description)
    {
        ArgumentNullException.ThrowIfNull(embeddings);
        ArgumentNullException.ThrowIfNull(description);
        return description.Deployments.Count == 1
            ? new DescribedEmbeddings(embeddings, description)
            : throw new ArgumentException($"'{description.Name}' has {description.Deployments.Count} deployments, and an embedding model runs in one; describe that one.", nameof(description));
    }
}
