using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>A clone adds no weight: a panel in which some voters are there several times counts as the panel of each once.</summary>
public class CloneLawTests
{
    [Test]
    public void Clones_ChangeNoCount() => Gen.Select(Gen.Int[0, 2].Array[1, 5], Gen.Int[1, 4].Array[5]).Sample((choices, copies) =>
    {
        FakeClient[] clients = [.. choices.Select(choice => FakeClient.Says("abc"[choice].ToString()))];
        Vote plain = Ask(clients.Select((client, i) => new Member($"v{i}", client)));
        Vote cloned = Ask(clients.SelectMany((client, i) => Enumerable.Range(0, copies[i]).Select(c => new Member($"v{i}_{c}", client))));
        return cloned.Counts.OrderBy(c => c.Key).SequenceEqual(plain.Counts.OrderBy(c => c.Key)) && cloned.Agreement.Equals(plain.Agreement);
    }, iter: 200);

    [Test]
    public void GreedyVariationsThatDifferInSeedOnly_AreClones_SampledOnesAreNot([Values] bool greedy)
    {
        FakeClient model = FakeClient.Says("a");
        IReadOnlyList<Member> voters = Member.Create([new MemberOptions { Model = "local", Count = 3, Temperature = greedy ? 0 : 1 }], _ => model);
        Assert.That(CloneFilter.Weights(voters, temperature: null).Sum(), Is.EqualTo(greedy ? 1 : 3).Within(1e-9));
    }

    private static Vote Ask(IEnumerable<Member> members) => new PanelChatClient("jury", members, new PanelOptions { Normalizer = BallotNormalizer.Exact, StopsEarly = false })
        .GetResponseAsync("q").GetAwaiter().GetResult().GetVote()!;
}
