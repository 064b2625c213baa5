using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Sends each request to the specialist whose examples it resembles, by the last thing that the user said, and to the generalist when it resembles none.
/// A specialist that fails is followed by the generalist, never by another specialist. When the embedding model fails the generalist answers and the
/// receipt says that the answer is degraded. Safe for use by many threads at once; it owns neither its members nor the embedding model.
/// </summary>
public sealed class SemanticRouter : IChatClient, IEnsembleMember
{
    internal const string Kind = "semantic";

    private readonly RouterChatClient _router;

    private readonly SemanticPlanner _planner;

    /// <summary>Creates a router. The examples are embedded at the first request, or by <see cref="PrepareAsync"/>.</summary>
    /// <param name="name">Its name in receipts.</param>
    /// <param name="generator">The embedding model.</param>
    /// <param name="members">The specialists and the generalist; each is named by a route or by <see cref="SemanticRouterOptions.Otherwise"/>.</param>
    /// <param name="options">The routes, and the member that answers what fits none.</param>
    /// <param name="runtime">The clock, the logs and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <exception cref="ArgumentException">A route names no member, a member has no route, two routes have one name, or an option is out of range.</exception>
    public SemanticRouter(
        string name, IEmbeddingGenerator<string, Embedding<float>> generator, IEnumerable<Member> members, SemanticRouterOptions options, EnsembleRuntime? runtime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(generator);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        SemanticIndex.Check(options.Routes);
        Member[] all = [.. members];
        if (Array.Find(all, member => !options.MemberNames.Contains(member.Name, StringComparer.OrdinalIgnoreCase)) is { } idle)
        {
            throw new ArgumentException($"Member '{idle.Name}' would never be asked; give it a route, or remove it.", nameof(members));
        }

        runtime ??= EnsembleRuntime.Default;
        _planner = new SemanticPlanner(generator, all, options, runtime);
        _router = new RouterChatClient(name, all, options.Routing, runtime, _planner);
    }

    /// <inheritdoc/>
    public string Name => _router.Name;

    /// <summary>Embeds the examples now, so that the first request does not wait for it.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the embedding: other callers may wait for it too.</param>
    /// <returns>The index that requests are matched with.</returns>
    public Task<SemanticIndex> PrepareAsync(CancellationToken cancellationToken = default) => _planner.IndexAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">The specialist and the generalist failed.</exception>
    /// <exception cref="EnsembleException">The request itself is at fault.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _router.GetResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">The specialist and the generalist failed before their first content.</exception>
    /// <exception cref="StreamInterruptedException">The stream broke after content had reached the caller.</exception>
    /// <exception cref="EnsembleException">The request itself is at fault.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        _router.GetStreamingResponseAsync(messages, options, cancellationToken);

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => Composition.GetService(this, Name, serviceType, serviceKey);

    /// <summary>Does nothing: the router owns neither its members nor the embedding model.</summary>
    public void Dispose()
    {
    }
}
