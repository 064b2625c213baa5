using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Routes told by example sentences, ready to be matched: a pure function of vector and examples, without clock or randomness. Immutable and safe for
/// use by many threads at once.
/// </summary>
public sealed class SemanticIndex
{
    // More classes than this take minutes to fit and gain little over the mean.
    private const int MostFittedRoutes = 64;

    private readonly string[] _routes;

    private readonly SemanticScorer _scorer;

    private SemanticIndex(string[] routes, SemanticScorer scorer, SemanticScoring scoring, double threshold)
    {
        _routes = routes;
        _scorer = scorer;
        Scoring = scoring;
        Threshold = threshold;
    }

    /// <summary>Gets the names of the routes in their order.</summary>
    public IReadOnlyList<string> Routes => _routes;

    /// <summary>Gets how routes are scored, <see cref="SemanticScoring.Automatic"/> resolved.</summary>
    public SemanticScoring Scoring { get; }

    /// <summary>Gets the lowest score that is accepted.</summary>
    public double Threshold { get; }

    /// <summary>Gets the length of the vectors that can be matched.</summary>
    public int Dimensions => _scorer.Dimensions;

    /// <summary>Embeds the examples of some routes and fits an index to them.</summary>
    /// <param name="generator">The embedding model; matched vectors must be of the same one.</param>
    /// <param name="routes">The routes, each name once.</param>
    /// <param name="options">How to score; <see langword="null"/> for the defaults.</param>
    /// <param name="cancellationToken">Cancels the embedding.</param>
    /// <returns>The index.</returns>
    /// <exception cref="ArgumentException">There is no route, two have one name, or an option is out of range.</exception>
    /// <exception cref="EnsembleException">The model gave another number of vectors than texts.</exception>
    public static async Task<SemanticIndex> CreateAsync(
        IEmbeddingGenerator<string, Embedding<float>> generator, IEnumerable<SemanticRoute> routes, SemanticOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(generator);
        SemanticRoute[] all = Check(routes);
        options ??= new SemanticOptions();
        options.Validate();
        string[] texts = [.. all.SelectMany(route => route.Examples)];
        GeneratedEmbeddings<Embedding<float>> embeddings = await generator.GenerateAsync(texts, cancellationToken: cancellationToken).ConfigureAwait(false);
        if (embeddings.Count != texts.Length)
        {
            throw new EnsembleException($"The embedding model gave {embeddings.Count} vectors for {texts.Length} examples; each text needs one.");
        }

        int[] labels = [.. all.SelectMany((route, r) => Enumerable.Repeat(r, route.Examples.Count))];
        return Create([.. all.Select(route => route.Name)], [.. embeddings.Select(e => e.Vector)], labels, options);
    }

    /// <summary>Finds the route of a text by its vector, which need not have length 1. Allocates nothing for vectors of up to 2,048 dimensions.</summary>
    /// <param name="vector">A vector of the model that embedded the examples.</param>
    /// <returns>The best route with its score, and whether it is accepted.</returns>
    /// <exception cref="ArgumentException">The vector has another length than those of the examples.</exception>
    public SemanticMatch Match(ReadOnlySpan<float> vector)
    {
        if (vector.Length != Dimensions)
        {
            throw new ArgumentException($"The vector has {vector.Length} dimensions, the examples have {Dimensions}. Embed both with one model.", nameof(vector));
        }

        Span<float> unit = vector.Length <= 2048 ? stackalloc float[vector.Length] : new float[vector.Length];
        VectorMath.Normalize(vector, unit);
        int best = _scorer.Best(unit, out double score);
        return new SemanticMatch(_routes[best], score, Threshold);
    }

    internal static SemanticIndex Create(string[] names, IReadOnlyList<ReadOnlyMemory<float>> vectors, int[] labels, SemanticOptions options)
    {
        ReadOnlyMemory<float>[] units = VectorMath.Normalize(vectors);
        SemanticScoring scoring = Resolve(options.Scoring, names.Length);
        SemanticScorer scorer = SemanticScorer.Fit(scoring, units, labels, names.Length);
        double threshold = options.Threshold ?? LeaveOneOut.Threshold(scoring, units, labels, names.Length, options.AcceptedShare);
        return new SemanticIndex(names, scorer, scoring, threshold);
    }

    private static SemanticScoring Resolve(SemanticScoring scoring, int routes) => scoring switch
    {
        // There is nothing to tell one route from.
        _ when routes == 1 => SemanticScoring.Mean,
        SemanticScoring.Automatic => routes <= MostFittedRoutes ? SemanticScoring.Combined : SemanticScoring.Mean,
        _ => scoring,
    };

    internal static SemanticRoute[] Check(IEnumerable<SemanticRoute> routes)
    {
        ArgumentNullException.ThrowIfNull(routes);
        SemanticRoute[] all = [.. routes];
        if (all.Length == 0)
        {
            throw new ArgumentException("Give at least one route.", nameof(routes));
        }

        return all.GroupBy(route => route.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
            ? throw new ArgumentException($"Two routes are called '{twice.Key}'; put their examples together.", nameof(routes))
            : all;
    }
}
