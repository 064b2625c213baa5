using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Embeddings;

/// <summary>How well the shipped model routes, on the half of the sentences that no setting was chosen on.</summary>
public sealed class SemanticRoutingTests
{
    private const int Examples = 8;

    private const int Splits = 15;

    private static readonly Lazy<Task<Dictionary<string, ReadOnlyMemory<float>>>> Vectors = new(EmbedAsync);

    // Measured on AVX-512: see docs/embeddings.md. The floors leave 4 points for other processors, where some near ties fall the other way.
    [TestCase("en", SemanticScoring.Mean, 72, 84)]
    [TestCase("en", SemanticScoring.Regression, 75, 80)]
    [TestCase("en", SemanticScoring.Combined, 75, 87)]
    [TestCase("ko", SemanticScoring.Mean, 66, 76)]
    [TestCase("ko", SemanticScoring.Regression, 66, 73)]
    [TestCase("ko", SemanticScoring.Combined, 66, 81)]
    public async Task Match_HeldOutSentences_FindTheirRouteAndRefuseTheRest(string language, SemanticScoring scoring, double accuracy, double auroc)
    {
        Figures figures = await MeasureAsync(language, scoring);
        TestContext.Out.WriteLine($"{language} {scoring}: {figures}");

        using (Assert.EnterMultipleScope())
        {
            Assert.That(100 * figures.Accuracy, Is.GreaterThan(accuracy));
            Assert.That(100 * figures.Auroc, Is.GreaterThan(auroc));
        }
    }

    [TestCase("en")]
    [TestCase("ko")]
    public async Task Mean_EverySentence_IsTheRecipeComputedByHand(string language)
    {
        RouteSentences all = RouteSentences.Read(language);
        string[] names = [.. all.Routes];
        SemanticRoute[] routes = [.. names.Select(name => new SemanticRoute(name, all.HeldOut(name).Take(Examples)))];
        Dictionary<string, ReadOnlyMemory<float>> vectors = await Vectors.Value;
        using IEmbeddingGenerator<string, Embedding<float>> known = new KnownVectors(vectors);
        SemanticIndex index = await SemanticIndex.CreateAsync(known, routes, new SemanticOptions { Scoring = SemanticScoring.Mean });
        foreach (ReadOnlyMemory<float> vector in vectors.Values)
        {
            double[] cosines = [.. routes.Select(route => Cosine(vector, [.. route.Examples.Select(text => vectors[text])]))];
            SemanticMatch match = index.Match(vector.Span);
            int best = Array.IndexOf(names, match.Best);

            using (Assert.EnterMultipleScope())
            {
                // The router counts in single precision: of two routes that are this close either is right.
                Assert.That(cosines[best], Is.EqualTo(cosines.Max()).Within(1e-5));
                Assert.That(match.Score, Is.EqualTo(cosines.Max()).Within(1e-5));
            }
        }
    }

    [Test]
    public async Task Regression_TicketsOfFourTeams_FindsTheTeamOfNearlyAll()
    {
        Tickets tickets = Tickets.Read();
        IEnumerable<SemanticRoute> teams = tickets.Examples.GroupBy(t => t.Label).Select(g => new SemanticRoute(g.Key, g.Select(t => t.Text)));
        SemanticIndex index = await SemanticIndex.CreateAsync(SharedE5.Generator, teams, new SemanticOptions { Scoring = SemanticScoring.Regression });
        GeneratedEmbeddings<Embedding<float>> queries = await SharedE5.Generator.GenerateAsync(tickets.Test.Select(t => t.Text));

        // An independent implementation of the same recipe gets 23 of these 24.
        Assert.That(tickets.Test.Where((t, i) => index.Match(queries[i].Vector.Span).Best == t.Label).Count(), Is.GreaterThanOrEqualTo(22));
    }

    // The cosine of a vector to the mean of others, as a textbook writes it.
    private static double Cosine(ReadOnlyMemory<float> vector, ReadOnlyMemory<float>[] examples)
    {
        double dot = 0, mean = 0, own = 0;
        for (int d = 0; d < vector.Length; d++)
        {
            double average = examples.Average(example => (double)example.Span[d]);
            dot += average * vector.Span[d];
            mean += average * average;
            own += (double)vector.Span[d] * vector.Span[d];
        }

        return dot / Math.Sqrt(mean * own);
    }

    private static async Task<Figures> MeasureAsync(string language, SemanticScoring scoring)
    {
        Dictionary<string, ReadOnlyMemory<float>> vectors = await Vectors.Value;
        using IEmbeddingGenerator<string, Embedding<float>> known = new KnownVectors(vectors);
        RouteSentences all = RouteSentences.Read(language);
        Figures sum = new(0, 0, 0, 0);
        for (int split = 0; split < Splits; split++)
        {
            Random random = new(split);
            List<SemanticRoute> routes = [];
            List<(string Route, string Text)> queries = [];
            foreach (string route in all.Routes)
            {
                string[] sentences = all.HeldOut(route);
                int[] order = [.. Enumerable.Range(0, sentences.Length)];
                random.Shuffle(order);
                routes.Add(new SemanticRoute(route, order[..Examples].Select(i => sentences[i])));
                queries.AddRange(order[Examples..].Select(i => (route, sentences[i])));
            }

            SemanticIndex index = await SemanticIndex.CreateAsync(known, routes, new SemanticOptions { Scoring = scoring });
            sum = sum.Plus(Judge(index, vectors, queries, all.HeldOut("none")));
        }

        return sum.Over(Splits);
    }

    private static Figures Judge(SemanticIndex index, Dictionary<string, ReadOnlyMemory<float>> vectors, List<(string Route, string Text)> queries, string[] unrelated)
    {
        SemanticMatch[] inside = [.. queries.Select(q => index.Match(vectors[q.Text].Span))];
        SemanticMatch[] outside = [.. unrelated.Select(text => index.Match(vectors[text].Span))];
        double above = inside.Sum(i => outside.Sum(o => i.Score > o.Score ? 1 : i.Score == o.Score ? 0.5 : 0));
        return new Figures(
            inside.Where((m, i) => m.Best == queries[i].Route).Count() / (double)inside.Length,
            above / inside.Length / outside.Length,
            inside.Where((m, i) => m.Route == queries[i].Route).Count() / (double)inside.Length,
            outside.Count(m => !m.IsMatch) / (double)outside.Length);
    }

    private static async Task<Dictionary<string, ReadOnlyMemory<float>>> EmbedAsync()
    {
        string[] texts = [.. new[] { "en", "ko" }.Select(language => RouteSentences.Read(language)).SelectMany(s => s.Routes.Append("none").SelectMany(s.HeldOut))];
        GeneratedEmbeddings<Embedding<float>> embeddings = await SharedE5.Generator.GenerateAsync(texts);
        return texts.Zip(embeddings, (text, e) => (text, e.Vector)).ToDictionary(p => p.text, p => p.Vector);
    }

    private sealed record Figures(double Accuracy, double Auroc, double AcceptedRight, double Refused)
    {
        public Figures Plus(Figures other) => new(Accuracy + other.Accuracy, Auroc + other.Auroc, AcceptedRight + other.AcceptedRight, Refused + other.Refused);

        public Figures Over(int n) => new(Accuracy / n, Auroc / n, AcceptedRight / n, Refused / n);

        public override string ToString() => $"accuracy {100 * Accuracy:0.0}, AUROC {100 * Auroc:0.0}, right and accepted {100 * AcceptedRight:0.0}, unrelated refused {100 * Refused:0.0}";
    }

    private sealed class KnownVectors(Dictionary<string, ReadOnlyMemory<float>> vectors) : IEmbeddingGenerator<string, Embedding<float>>
    {
        public Task<GeneratedEmbeddings<Embedding<float>>> GenerateAsync(IEnumerable<string> values, EmbeddingGenerationOptions? options = null, CancellationToken cancellationToken = default) =>
            Task.FromResult(new GeneratedEmbeddings<Embedding<float>>(values.Select(v => new Embedding<float>(vectors[v]))));

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
