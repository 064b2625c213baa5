using BenchmarkDotNet.Attributes;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>
/// What does a decision over ten candidates cost, with every constraint set and one objective, beside the platform's own router,
/// which knows no constraint? The profile has its own row.
/// </summary>
[MemoryDiagnoser]
public class Deciding
{
    private const int Count = 10;

    private readonly ConstraintRules[] _refusals = new ConstraintRules[Count];
    private readonly double[] _scores = new double[Count];
    private readonly int[] _order = new int[Count];
    private readonly ChatMessage[] _messages = [new(ChatRole.User, string.Concat(Enumerable.Repeat("What is the shortest way from the station to the museum? ", 36))[..2_000])];
    private SelectionSnapshot _snapshot = null!;
    private CandidateSignals[] _signals = null!;
    private RequestProfile _profile = null!;
    private Requirements _requirements = null!;
    private RoutingChatClient _platform = null!;
    private ulong _seed;

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = SelectionSnapshot.Create(
        [
            .. Enumerable.Range(0, Count).Select(i => new SelectionMember
            {
                Name = "model" + i,
                Card = new ModelCard
                {
                    Id = "model" + i,
                    ContextWindow = 128_000,
                    MaxOutputTokens = 16_000,
                    Capabilities = ModelCapabilities.Tools | ModelCapabilities.JsonSchema,
                    Languages = ["en", "ko"],
                    Encoding = "o200k_base",
                    Price = new Price { InputPerMillion = 0.1m * (i + 1), OutputPerMillion = 0.4m * (i + 1) },
                },
                Deployments = [new Deployment { Name = "only", Processing = i % 3 == 0 ? "US" : "KR", DataPolicies = DataPolicies.NoTraining }],
                Quality = 0.5 + (i * 0.04),
            }),
        ]);
        _signals = [.. _snapshot.Candidates.Select((_, i) => new CandidateSignals { FirstTokenSeconds = 0.2 + (i * 0.05), SecondsPerToken = 0.01 })];
        _profile = new RequestProfile(_messages, new ChatOptions { MaxOutputTokens = 500 });
        _requirements = new Requirements
        {
            Capabilities = ModelCapabilities.Tools,
            Regions = ["KR", "JP"],
            DataPolicies = DataPolicies.NoTraining,
            KeepLocal = SensitiveData.All,
            MatchLanguage = true,
            Deny = ["model4"],
            Placement = Placement.PreferLocal,
            MaxUsd = 0.1m,
            MinQuality = 0.6,
            Deadline = TimeSpan.FromSeconds(30),
        };
        IChatClient leaf = new Leaf();
        _platform = RoutingChatClient.Create((_, _) => ValueTask.FromResult(leaf));
    }

    [Benchmark(Description = "decide, all constraints, cheapest")]
    public int Decide()
    {
        SelectionQuestion question = new(_profile, _requirements, _snapshot.Candidates, _signals);
        return Selector.Decide(question, Objective.Cheapest, Balancing.PowerOfTwo, _seed++, _refusals, _scores, _order).Eligible;
    }

    [Benchmark(Description = "decide, no constraint set, cheapest")]
    public int DecideFree()
    {
        SelectionQuestion question = new(_profile, Requirements.None, _snapshot.Candidates, _signals);
        return Selector.Decide(question, Objective.Cheapest, Balancing.PowerOfTwo, _seed++, _refusals, _scores, _order).Eligible;
    }

    [Benchmark(Description = "profile of 2,000 characters, everything read")]
    public long Profile()
    {
        RequestProfile profile = new(_messages, new ChatOptions { MaxOutputTokens = 500 });
        return profile.GetInputTokens("o200k_base") + (int)profile.SensitiveData + (int)profile.NeededCapabilities + (profile.Language is null ? 0 : 1);
    }

    [Benchmark(Description = "RoutingChatClient picks and asks (no constraint)")]
    public Task<ChatResponse> Platform() => _platform.GetResponseAsync(_messages);

    private sealed class Leaf : IChatClient
    {
        private static readonly Task<ChatResponse> Answer = Task.FromResult(new ChatResponse(new ChatMessage(ChatRole.Assistant, "yes")));

        public Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) => Answer;

        public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            AsyncEnumerable.Empty<ChatResponseUpdate>();

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
