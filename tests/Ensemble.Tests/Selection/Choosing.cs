using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

/// <summary>Makes members, requests and decisions for tests of choosing.</summary>
internal static class Choosing
{
    private static readonly string?[] Regions = [null, "KR", "DE", "EU", "US", "global", "nowhere"];

    public static Gen<SelectionMember[]> Members { get; } = Gen.Select(
        Gen.Int[0, 255], Gen.Int[0, 3], Gen.Int[0, 5], Gen.Int[0, 20], Gen.Select(Gen.Int[0, 10], Gen.Bool), Gen.Int[0, 6], Gen.Int[0, 3], Gen.Int[1, 3],
        (can, window, output, price, quality, region, policies, deployments) => new Func<int, SelectionMember>(index => Member(
            "m" + index,
            can: (ModelCapabilities)can,
            window: window == 0 ? null : 1_000 << (window * 2),
            maxOutput: output == 0 ? null : 100 << output,
            input: price == 0 ? null : price / 2m,
            output: price == 0 ? null : price,
            quality: quality.Item2 ? quality.Item1 / 10.0 : null,
            languages: (can & 1) == 0 ? ["en"] : [],
            imageTokens: (can & 64) == 0 ? 700 : null,
            encoding: (can & 6) switch { 2 => "o200k_base", 4 => "cl100k_base", _ => null },
            energy: (EnergyClass)((can + price) % 6),
            deployments:
            [
                .. Enumerable.Range(0, deployments).Select(d => new Deployment
                {
                    Name = "d" + d,
                    Processing = Regions[(region + d) % Regions.Length],
                    DataPolicies = (DataPolicies)((policies + d) % 4),
                    InProcess = (can + d) % 11 == 0,
                    SelfHosted = (can + d) % 13 == 0,
                    Tier = d == 2 ? 1 : 0,
                }),
            ])))
        .Array[1, 6].Select(makers => makers.Select((make, index) => make(index)).ToArray());

    public static Gen<Requirements> Requirements { get; } = Gen.Select(
        Gen.Int[0, 255], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 9], Gen.Int[0, 12], Gen.Int[0, 20], Gen.Int[0, 4], Gen.Bool,
        (can, region, policies, sensitive, members, usd, placement, language) => new Requirements
        {
            Capabilities = can < 128 ? ModelCapabilities.None : (ModelCapabilities)(can & 3),
            Regions = region switch { 1 => ["EU"], 2 => ["KR", "US"], 3 => ["DE"], _ => null },
            DataPolicies = policies > 3 ? DataPolicies.None : (DataPolicies)policies,
            KeepLocal = sensitive == 1 ? SensitiveData.Email : SensitiveData.None,
            Allow = members == 1 ? ["m0", "M2"] : null,
            Deny = members == 2 ? ["m1"] : [],
            MaxUsd = usd switch { 0 => 0.0001m, 1 => 0.001m, 2 => 0.01m, _ => null },
            MinQuality = usd is 3 or 4 ? 0.5 : null,
            Placement = (Placement)placement,
            Deadline = usd == 5 ? TimeSpan.FromSeconds(2) : null,
            MatchLanguage = language && usd > 10,
        });

    private static readonly ChatResponseFormat Schema = ChatResponseFormat.ForJsonSchema<int[]>();

    private static readonly AITool Tool = AIFunctionFactory.Create(() => 1, "count", "Counts what there is.");

    public static Gen<RequestProfile> Profiles { get; } = Gen.Select(Gen.Int[0, 3], Gen.Int[0, 4], Gen.Int[0, 9], Gen.Int[0, 9]).Select((length, limit, needs, holds) =>
    {
        ChatOptions options = new()
        {
            MaxOutputTokens = limit switch { 0 => 50, 1 => 1_000, 2 => 10_000, _ => null },
            ResponseFormat = needs == 1 ? Schema : null,
            Tools = needs == 3 ? [Tool] : null,
            Instructions = needs == 4 ? "Say what you have." : null,
        };
        string text = "the question of this is about what you have " + new string('x', length * 3_000) + (needs == 2 ? " a@example.com" : "");
        ChatMessage asked = new(ChatRole.User, text);
        AIContent? attached = holds switch
        {
            0 => new DataContent(new byte[2_000], "image/png"),
            1 => new DataContent(System.Text.Encoding.UTF8.GetBytes(new string('y', 2_000) + (needs == 5 ? " b@example.com" : "")), "text/csv"),
            2 => new FunctionResultContent("1", "what the tool has found" + (needs == 5 ? " c@example.com" : "")),
            _ => null,
        };
        if (attached is not null)
        {
            asked.Contents.Add(attached);
        }

        return new RequestProfile(holds == 3 ? [new(ChatRole.System, "You are what you are."), new(ChatRole.User, "the first of them"), new(ChatRole.Assistant, "this is it"), asked] : [asked], options);
    });

    public static Gen<Objective> Objectives { get; } = Gen.Int[0, 6].Select(kind => kind switch
    {
        0 => Objective.Order,
        1 => Objective.Best,
        2 => Objective.Fastest,
        3 => Objective.FastestToFirstToken,
        4 => Objective.Greenest,
        5 => Objective.Weighted(new ObjectiveWeights { Cost = 1, Quality = 2, Time = 0.5, Energy = 0.1 }),
        _ => Objective.Cheapest,
    });

    public static SelectionMember Member(
        string name,
        ModelCapabilities can = ModelCapabilities.None,
        long? window = 100_000,
        long? maxOutput = 10_000,
        decimal? input = 1m,
        decimal? output = 2m,
        double? quality = null,
        string[]? languages = null,
        Deployment[]? deployments = null,
        string? encoding = null,
        EnergyClass? energy = null,
        int? imageTokens = null) => new()
        {
            Name = name,
            Card = new ModelCard
            {
                Id = name,
                Capabilities = can,
                ContextWindow = window,
                MaxOutputTokens = maxOutput,
                Languages = languages ?? [],
                Encoding = encoding,
                ImageTokens = imageTokens,
                EnergyClass = energy ?? (EnergyClass)(name.Sum(c => c) % 6),
                Price = new Price { InputPerMillion = input, OutputPerMillion = output, CacheWritePerMillion = input * 1.25m },
            },
            Deployments = deployments ?? [new Deployment { Name = "only" }],
            Quality = quality,
        };

    public static RequestProfile Profile(string text = "Hello", ChatOptions? options = null) => new([new ChatMessage(ChatRole.User, text)], options);

    public static CandidateSignals[] Signals(SelectionSnapshot snapshot, int seed = 0) =>
    [
        .. snapshot.Candidates.Select(candidate =>
        {
            ulong hash = SeededHash.Mix(candidate.Hash, (ulong)seed);
            return new CandidateSignals
            {
                FirstTokenSeconds = seed == 0 || hash % 4 == 0 ? double.NaN : hash % 7 / 5.0,
                SecondsPerToken = seed == 0 || hash % 4 == 0 ? double.NaN : hash % 9 / 1_000.0,
                OutputTokens = 50 + (seed == 0 ? 0 : hash % 300),
                InFlight = (int)(hash % 3),
                IsOut = seed != 0 && hash % 10 == 3,
            };
        }),
    ];

    public static Choice Decide(
        SelectionSnapshot snapshot, Requirements? requirements = null, RequestProfile? profile = null, Objective? objective = null,
        CandidateSignals[]? signals = null, ulong seed = 1, Balancing balancing = Balancing.Weighted)
    {
        ConstraintRules[] refusals = new ConstraintRules[snapshot.Candidates.Length];
        int[] order = new int[snapshot.Candidates.Length];
        SelectionQuestion question = new(profile ?? Profile(), requirements ?? Ensemble.Requirements.None, snapshot.Candidates, signals ?? Signals(snapshot));
        Decision decision = Selector.Decide(question, objective ?? Objective.Order, balancing, seed, refusals, new double[order.Length], order);
        return new Choice([.. order[..decision.Eligible].Select(i => snapshot.Candidates[i])], refusals, decision);
    }

    public static Choice Decide(SelectionMember[] members, Requirements? requirements = null, RequestProfile? profile = null, Objective? objective = null, ulong seed = 1) =>
        Decide(SelectionSnapshot.Create(members), requirements, profile, objective, seed: seed);

    /// <summary>A decision with its candidates looked up.</summary>
    public sealed record Choice(Candidate[] Order, ConstraintRules[] Refusals, Decision Decision)
    {
        public string? First => Order.Length == 0 ? null : Order[0].Member;
    }
}
