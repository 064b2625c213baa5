using BenchmarkDotNet.Attributes;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>What does it cost to pick one of four equal deployments?</summary>
[MemoryDiagnoser]
public class BalancingPick
{
    private readonly int[] _among = [0, 1, 2, 3];
    private SelectionSnapshot _snapshot = null!;
    private CandidateSignals[] _signals = null!;
    private ulong _seed;

    [Params(Balancing.Weighted, Balancing.LeastBusy, Balancing.PowerOfTwo, Balancing.Headroom, Balancing.Nearest)]
    public Balancing Balancing { get; set; }

    [GlobalSetup]
    public void Setup()
    {
        _snapshot = SelectionSnapshot.Create(
        [
            new SelectionMember
            {
                Name = "model",
                Card = new ModelCard { Id = "model" },
                Deployments = [.. _among.Select(i => new Deployment { Name = "d" + i, Weight = i + 1, Processing = i == 2 ? "KR" : "US" })],
            },
        ], near: "KR");
        _signals = [.. _among.Select(i => new CandidateSignals { FirstTokenSeconds = 0.1 * (i + 1), InFlight = i, Headroom = 0.2 * i })];
    }

    [Benchmark]
    public int Pick() => Balancer.Pick(Balancing, _snapshot.Candidates, _signals, _among, _seed++);
}
