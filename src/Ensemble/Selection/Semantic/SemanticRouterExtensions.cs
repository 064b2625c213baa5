using Ensemble;
using Microsoft.Extensions.AI;

namespace Microsoft.Extensions.DependencyInjection;

/// <summary>Adds routers that choose by meaning to an ensemble.</summary>
public static class SemanticRouterExtensions
{
    /// <summary>Adds a router that sends each request to the specialist whose examples it resembles.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the router.</param>
    /// <param name="embeddings">The key of the <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>, for instance the name given to <c>AddLocalEmbeddings</c>.</param>
    /// <param name="configure">Adds the routes and names the member that answers what fits none; routes are named like their members.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">There is no route, nobody answers the rest, or an option is out of range.</exception>
    public static IEnsembleBuilder AddSemanticRouter(this IEnsembleBuilder builder, string name, string embeddings, Action<SemanticRouterOptions> configure)
    {
        ArgumentNullException.ThrowIfNull(configure);
        SemanticRouterOptions options = new();
        configure(options);
        return builder.AddSemanticRouter(name, embeddings, options.MemberNames.Where(member => member.Length > 0).Select(member => new MemberOptions { Model = member }), options);
    }

    /// <summary>Adds a router whose specialists are variations of models: each with its own system prompt, examples or temperature.</summary>
    /// <param name="builder">The ensemble.</param>
    /// <param name="name">The name of the router.</param>
    /// <param name="embeddings">The key of the <c>IEmbeddingGenerator&lt;string, Embedding&lt;float&gt;&gt;</c>, for instance the name given to <c>AddLocalEmbeddings</c>.</param>
    /// <param name="members">The specialists and the generalist.</param>
    /// <param name="options">The routes, named like their members, and the member that answers what fits none.</param>
    /// <returns><paramref name="builder"/>.</returns>
    /// <exception cref="ArgumentException">There is no route, nobody answers the rest, or an option is out of range.</exception>
    public static IEnsembleBuilder AddSemanticRouter(
        this IEnsembleBuilder builder, string name, string embeddings, IEnumerable<MemberOptions> members, SemanticRouterOptions options)
    {
        ArgumentException.ThrowIfNullOrEmpty(embeddings);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        return EnsembleBuilderExtensions.Add(builder, name, SemanticRouter.Kind, nameof(AddSemanticRouter), members,
            (found, runtime) => new SemanticRouter(name, Find(runtime, embeddings), found, options, runtime), embeddings: embeddings);
    }

    /// <summary>Finds an embedding model by its key, with what the configuration says of it.</summary>
    internal static IEmbeddingGenerator<string, Embedding<float>> Find(EnsembleRuntime runtime, string key) =>
        (runtime.FindEmbeddings?.Invoke(key) ?? runtime.Services?.GetKeyedService<IEmbeddingGenerator<string, Embedding<float>>>(key)) is { } found
            ? runtime.Embeddings.TryGetValue(key, out SelectionMember? description) ? found.AsModel(description) : found
            : throw new EnsembleException($"There is no embedding model '{key}': write it under Ensemble:Embeddings, call AddLocalEmbeddings(\"{key}\", …), or register a keyed IEmbeddingGenerator<string, Embedding<float>>.");
}
