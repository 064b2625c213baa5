using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Embeds the last thing that the user said and puts the specialist that fits it before the generalist.</summary>
internal sealed class SemanticPlanner : IRoutePlanner
{
    private readonly IEmbeddingGenerator<string, Embedding<float>> _generator;

    private readonly SemanticRoute[] _routes;

    private readonly SemanticOptions _matching;

    private readonly FailureReader _failures;

    private readonly TimeProvider _time;

    private readonly Dictionary<string, Member[]> _orders;

    private readonly Member[] _otherwise;

    private readonly Lock _gate = new();

    private Task<SemanticIndex>? _index;

    internal SemanticPlanner(IEmbeddingGenerator<string, Embedding<float>> generator, Member[] members, SemanticRouterOptions options, EnsembleRuntime runtime)
    {
        _generator = generator;
        _routes = [.. options.Routes];
        _matching = options.Matching;
        _failures = new FailureReader(runtime.FailureClassifiers);
        _time = runtime.TimeProvider;
        Member otherwise = Find(members, options.Otherwise, nameof(options.Otherwise));
        _otherwise = [otherwise];
        _orders = _routes.ToDictionary(
            route => route.Name,
            route => Find(members, route.Name, nameof(options.Routes)) is var member && member == otherwise ? _otherwise : [member, otherwise]);
    }

    public bool AsksModels => true;

    public async ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, CancellationToken cancellationToken)
    {
        string? text = messages.LastOrDefault(message => message.Role == ChatRole.User)?.Text;
        if (string.IsNullOrWhiteSpace(text))
        {
            return new RoutePlan(_otherwise, "semantic: none of these, the request has no text");
        }

        if (rules?.RefuseEmbeddings(_generator, messages, options) is { } refusal)
        {
            return new RoutePlan(_otherwise, $"semantic: undecided, the text was not embedded ({refusal})");
        }

        long start = _time.GetTimestamp();
        try
        {
            SemanticIndex index = await IndexAsync().WaitAsync(cancellationToken).ConfigureAwait(false);
            GeneratedEmbeddings<Embedding<float>> vectors = await _generator.GenerateAsync([text], cancellationToken: cancellationToken).ConfigureAwait(false);
            SemanticMatch match = index.Match(vectors[0].Vector.Span);
            Attempt embedded = EmbeddingAttempt.Answered(EmbeddingAttempt.Name, _generator, vectors.Usage, _time.GetElapsedTime(start));
            return new RoutePlan(match.Route is { } route ? _orders[route] : _otherwise, $"semantic: {match}", embedded);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            return new RoutePlan(_otherwise, "semantic: undecided, the embedding model failed", new Attempt
            {
                Member = EmbeddingAttempt.Name,
                Outcome = AttemptOutcome.Failed,
                Failure = _failures.Read(exception).Class,
                Note = FailureReader.Describe(exception),
                Duration = _time.GetElapsedTime(start),
            });
        }
    }

    /// <summary>Gives the index, made once for all callers: one who leaves does not spoil it for the others, and a failure is tried again by the next.</summary>
    internal Task<SemanticIndex> IndexAsync()
    {
        lock (_gate)
        {
            if (_index is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _index = Task.Run(() => SemanticIndex.CreateAsync(_generator, _routes, _matching));
            }

            return _index;
        }
    }

    private static Member Find(Member[] members, string name, string setting) =>
        Array.Find(members, member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new ArgumentException($"{setting} names '{name}', which is no member.{Suggestion.For(name, members.Select(m => m.Name))}", nameof(members));
}
