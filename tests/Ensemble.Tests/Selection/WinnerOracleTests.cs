using CsCheck;
using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>
/// Who wins, worked out the long way on generated catalogs: prices with tiers and cached tokens in decimals, several encodings, tokens
/// from the text itself. Nothing of what the product knows of cost, of expected tokens or of ranks is used.
/// </summary>
internal sealed class WinnerOracleTests
{
    private const int Iterations = 600;

    private static readonly string?[] Encodings = [null, "o200k_base", "cl100k_base", "unheard-of"];

    private static readonly Gen<Entry> Entries = Gen.Select(
        Gen.Select(Gen.Int[1, 40], Gen.Int[1, 40], Gen.Int[0, 4], Gen.Int[1, 9]),
        Gen.Select(Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 10]),
        Gen.Select(Gen.Int[0, 2_000], Gen.Int[0, 1_000], Gen.Int[50, 200], Gen.Int[0, 30], Gen.Int[0, 30]),
        (prices, model, learned) => new Entry(
            prices.Item1 / 4m, prices.Item2 / 2m, prices.Item3 * 300, prices.Item1 / 4m * prices.Item4 / 10m,
            Encodings[model.Item1], (EnergyClass)model.Item2, model.Item3 / 10.0,
            Cached: Math.Max(0, learned.Item1 - 1_000), Output: learned.Item2 + 0.5, Ratio: learned.Item3 / 100.0, First: learned.Item4 / 10.0, PerToken: learned.Item5 / 1_000.0));

    private static readonly Gen<(string Text, int Ascii, int Hangul)> Texts =
        Gen.Select(Gen.Int[1, 4_000], Gen.Int[0, 700]).Select((ascii, hangul) => (new string('a', ascii) + new string('\uAC00', hangul), ascii, hangul));

    [Test]
    public void WhoWins_IsWhatTheSlowOracleSays() =>
        Gen.Select(Entries.Array[1, 6], Texts, Gen.Int[0, 5], Gen.ULong).Sample(
            (entries, text, kind, seed) =>
            {
                Objective objective = kind switch
                {
                    0 => Objective.Cheapest,
                    1 => Objective.Best,
                    2 => Objective.Fastest,
                    3 => Objective.FastestToFirstToken,
                    4 => Objective.Greenest,
                    _ => Objective.Weighted(new ObjectiveWeights { Cost = 1.5, Quality = 0.7, Time = 0.3, Energy = 0.2 }),
                };
                double[] scores = [.. entries.Select(entry => Score(entry, kind, text))];
                SelectionSnapshot snapshot = SelectionSnapshot.Create([.. entries.Select((entry, i) => entry.Describe("m" + i))]);
                Choosing.Choice choice = Choosing.Decide(
                    snapshot, profile: Choosing.Profile(text.Text), objective: objective, signals: [.. entries.Select(entry => entry.Signals())], seed: seed);
                Assert.That(choice.Order, Has.Length.EqualTo(entries.Length));
                double[] ordered = [.. choice.Order.Select(candidate => scores[candidate.MemberIndex])];
                for (int i = 1; i < ordered.Length; i++)
                {
                    Assert.That(ordered[i - 1], Is.LessThanOrEqualTo(ordered[i] + (1e-9 * Math.Abs(ordered[i])) + 1e-15), $"{objective}: place {i}");
                }
            },
            iter: Iterations);

    [Test]
    public void APublicTokenizer_IsNoAdvantage_WhereItsPriceIsTwice()
    {
        SelectionMember[] members =
        [
            Choosing.Member("counted", input: 1m, output: 4m, encoding: "o200k_base"),
            Choosing.Member("uncounted", input: 0.5m, output: 2m),
        ];
        string english = string.Concat(Enumerable.Repeat("The weather of this week is what people talk about in the office. ", 200));
        string korean = string.Concat(Enumerable.Repeat("이번 주 날씨는 사무실에서 사람들이 이야기하는 주제입니다. ", 200));
        Assert.That(Choosing.Decide(members, profile: Choosing.Profile(english), objective: Objective.Cheapest).First, Is.EqualTo("uncounted"));
        Assert.That(Choosing.Decide(members, profile: Choosing.Profile(korean), objective: Objective.Cheapest).First, Is.EqualTo("uncounted"));
    }

    private static double Score(Entry entry, int kind, (string Text, int Ascii, int Hangul) text)
    {
        double seconds = entry.First + (entry.Output * entry.PerToken);
        double wattHours = entry.Energy == EnergyClass.Unknown ? double.PositiveInfinity : entry.Output * EnergyModel.PerOutputToken(new ModelCard { Id = "m", EnergyClass = entry.Energy }, new Deployment { Name = "d" }).High;
        return kind switch
        {
            0 => (double)Cost(entry, text),
            1 => 1 - entry.Quality,
            2 => seconds,
            3 => entry.First,
            4 => wattHours,
            _ => (1.5 * (double)Cost(entry, text) / 0.01) + (0.7 * (1 - entry.Quality)) + (0.3 * seconds / 10) + (0.2 * wattHours),
        };
    }

    private static decimal Cost(Entry entry, (string Text, int Ascii, int Hangul) text)
    {
        // One message and the opening of the answer, four tokens each; where nothing is counted 0.24 tokens a byte of ASCII, and 0.3 of Hangul's three.
        double counted = entry.Encoding switch
        {
            "o200k_base" => TokenEncoding.O200kBase.Count(text.Text),
            "cl100k_base" => TokenEncoding.Cl100kBase.Count(text.Text),
            _ => (0.24 * text.Ascii) + (0.3 * 3 * text.Hangul),
        };
        double most = entry.Encoding is "o200k_base" or "cl100k_base" ? counted + 32 : text.Ascii + (3 * text.Hangul) + 32;
        long input = (long)Math.Min(most, Math.Round((counted + 8) * entry.Ratio));
        bool dear = entry.TierAbove > 0 && input > entry.TierAbove;
        decimal plain = entry.Input * (dear ? 2 : 1);
        decimal cached = entry.CachedInput * (dear ? 2 : 1);
        long fromCache = Math.Min(entry.Cached, input);
        return (((input - fromCache) * plain) + (fromCache * cached) + ((decimal)entry.Output * entry.OutputPrice * (dear ? 1.5m : 1))) / 1_000_000;
    }

    private sealed record Entry(
        decimal Input, decimal OutputPrice, int TierAbove, decimal CachedInput, string? Encoding, EnergyClass Energy, double Quality,
        long Cached, double Output, double Ratio, double First, double PerToken)
    {
        public SelectionMember Describe(string name) => new()
        {
            Name = name,
            Quality = Quality,
            Card = new ModelCard
            {
                Id = name,
                ContextWindow = 1_000_000,
                Encoding = Encoding,
                EnergyClass = Energy,
                Price = new Price
                {
                    InputPerMillion = Input,
                    OutputPerMillion = OutputPrice,
                    CachedInputPerMillion = CachedInput,
                    Tiers = TierAbove == 0 ? [] : [new PriceTier { AboveInputTokens = TierAbove, InputPerMillion = Input * 2, OutputPerMillion = OutputPrice * 1.5m, CachedInputPerMillion = CachedInput * 2 }],
                },
            },
            Deployments = [new Deployment { Name = "only" }],
        };

        public CandidateSignals Signals() => new()
        {
            CachedTokens = Cached,
            OutputTokens = Output,
            InputRatio = Ratio,
            FirstTokenSeconds = First,
            SecondsPerToken = PerToken,
        };
    }
}
