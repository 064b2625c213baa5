using BenchmarkDotNet.Attributes;

namespace Ensemble.Benchmarks.Voting;

/// <summary>What does a vote over nine ballots of 100 characters cost, read exactly?</summary>
[MemoryDiagnoser]
public class VoteOverNine
{
    private readonly string[] _answers = [.. Enumerable.Range(0, 9).Select(i => new string((char)('a' + (i % 3)), 100))];
    private readonly Ballot[] _ballots = new Ballot[9];

    [GlobalSetup]
    public void Setup()
    {
        for (int i = 0; i < _ballots.Length; i++)
        {
            _ballots[i] = new Ballot { Voter = "v", Choice = _answers[i] };
        }
    }

    [Benchmark(Baseline = true)]
    public string? ReadAndCount()
    {
        Ballot[] ballots = new Ballot[_answers.Length];
        for (int i = 0; i < ballots.Length; i++)
        {
            ballots[i] = new Ballot { Voter = "v", Choice = BallotNormalizer.Exact.Read(_answers[i]) };
        }

        return VoteRule.Plurality.Count(ballots).Winner;
    }

    [Benchmark]
    public bool Tally() => VoteRule.Plurality.IsDecided(_ballots, 0);
}
