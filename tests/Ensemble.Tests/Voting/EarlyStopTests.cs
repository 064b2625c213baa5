using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests;

/// <summary>A vote that stops early says what the full vote says, whoever answered first: winner, outcome, and whether a surrounding cascade goes on.</summary>
public class EarlyStopTests
{
    private static readonly string[] Choices = ["a", "b", "c"];

    private static readonly double[] Limits = [0, 0.3, 0.5, 0.6, 2.0 / 3, 0.75, 0.9, 1];

    // Thirds come from clones; nulls are unreadable or failed.
    private static readonly Gen<List<Ballot>> Ballots = Gen.Select(Gen.Int[0, 5], Gen.Int[0, 5],
        (choice, weight) => new Ballot { Voter = "v", Choice = choice switch { 5 => null, > 2 => "a", _ => Choices[choice] }, Weight = weight / 3.0 }).List[1, 9];

    private static readonly Gen<List<Ballot>> Rankings = Gen.Select(Gen.Shuffle(Choices), Gen.Int[0, 3],
        (order, named) => new Ballot { Voter = "v", Choice = named == 0 ? null : string.Join(" > ", order.Take(named)) }).List[1, 9];

    private static readonly Gen<List<Ballot>> Probabilities = Gen.Select(Gen.Int[0, 100], Gen.Int[0, 4],
        (share, kind) => kind == 0 ? new Ballot { Voter = "v" } : new Ballot
        {
            Voter = "v",
            Choice = share > 50 ? "a" : "b",
            Probabilities = kind == 1 ? null : [KeyValuePair.Create("a", share / 100.0), KeyValuePair.Create("b", 1 - (share / 100.0))],
        }).List[1, 9];

    private static readonly Gen<List<Ballot>> Reviews = Gen.Select(Gen.Int[0, 4], Gen.Int[0, 2], (stars, tags) => new Ballot
    {
        Voter = "v",
        Choice = stars == 4 ? null : $$"""{"stars":{{Math.Max(1, stars)}},"tags":[{{string.Join(',', Enumerable.Range(0, tags).Select(tag => $"\"t{tag}\""))}}]}""",
    }).List[1, 7];

    private static IEnumerable<IVoteRule> Rules => [VoteRule.Plurality, VoteRule.Quorum(0.5), VoteRule.Quorum(2.0 / 3), VoteRule.Unanimity, VoteRule.MeanProbability, VoteRule.Median];

    [Test]
    public void EveryArrivalOrder_HasTheResultOfTheFullVote([ValueSource(nameof(Rules))] IVoteRule rule) => SameInEveryOrder(rule, Ballots);

    [Test]
    public void EveryArrivalOrder_OfRankings_HasTheResultOfTheFullVote() => SameInEveryOrder(VoteRule.Borda(Choices), Rankings);

    [Test]
    public void EveryArrivalOrder_OfProbabilities_HasTheResultOfTheFullVote() => SameInEveryOrder(VoteRule.MeanProbability, Probabilities);

    [Test]
    public void EveryArrivalOrder_OfTypedAnswers_HasTheResultOfTheFullVote() => SameInEveryOrder(new Consensus(JsonElement.Parse(
        """{"type":"object","properties":{"stars":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}},"required":["stars","tags"]}"""), null, 0), Reviews);

    [Test]
    public async Task PanelInACascade_AnswersTheSame_InEveryArrivalOrder([Values(0.5, 0.6, 0.7)] double limit, [Values("plurality", "quorum")] string rule)
    {
        // Three of five: goes on below 0.7 only, though the first three may say the same.
        string[] answers = ["7", "7", "8", "7", "8"];
        foreach (int[] order in Orders(answers))
        {
            TaskCompletionSource[] gates = [.. answers.Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
            PanelChatClient panel = new("jury", answers.Select((answer, i) => new Member($"v{i}", FakeClient.SaysAfter(gates[i].Task, answer))),
                new PanelOptions { Normalizer = BallotNormalizer.Number, Rule = rule == "quorum" ? VoteRule.Quorum(0.55) : VoteRule.Plurality });
            ChatOptions asked = new ChatOptions().WithEnsemble(request => request with { Deferrals = [Limit(limit)] });
            int released = 0;
            gates[order[released++]].SetResult();
            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in panel.GetStreamingResponseAsync("?", asked))
            {
                updates.Add(update);
                if (update.GetBallot() is not null && released < order.Length)
                {
                    gates[order[released++]].SetResult();
                }
            }

            ChatResponse response = updates.ToChatResponse();
            Vote vote = response.GetVote()!;
            Assert.That((response.Text, vote.Outcome, AnswerJudge.Judge(Limit(limit), response, null).Defers), Is.EqualTo(("7", VoteOutcome.Decided, limit > 0.6)), string.Join(',', order));
            Assert.That(vote.Agreement, Is.EqualTo(0.6).Within(1e-9), "what is certain of five");
        }
    }

    [Test]
    public async Task StoppedVote_SaysWhatIsCertainAndWhatIsPossible_AndKeepsItInJson()
    {
        PanelChatClient panel = new("jury", [new("a", FakeClient.Says("7")), new("b", FakeClient.Says("7")), new("c", FakeClient.Hangs())], new PanelOptions { Normalizer = BallotNormalizer.Number }, new EnsembleRuntime { TimeProvider = new FakeTimeProvider() });
        Receipt receipt = (await panel.GetResponseAsync("?")).GetReceipt()!;
        Vote read = JsonSerializer.Deserialize<Receipt>(JsonSerializer.Serialize(receipt, EnsembleJson.Options), EnsembleJson.Options)!.Vote!;
        Assert.Multiple(() =>
        {
            Assert.That((receipt.Vote!.Agreement, receipt.Vote.PossibleAgreement), Is.EqualTo((2.0 / 3, 1.0)));
            Assert.That((read.Agreement, read.PossibleAgreement), Is.EqualTo((2.0 / 3, 1.0)));
            Assert.That(receipt.ToString(), Does.Contain("'7' won with at least 67% of 3"));
        });
    }

    [Test]
    public async Task CascadeTellsItsPanel_AndNobodyElse_WhatItAsks()
    {
        // The first two agree; only the third says whether the agreement is 1.
        FakeClient leaf = FakeClient.Says("7");
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PanelChatClient panel = new("jury", [new("a", leaf), new("b", FakeClient.Says("7")), new("c", FakeClient.SaysAfter(gate.Task, "8"))], new PanelOptions { Normalizer = BallotNormalizer.Number });
        CascadeOptions options = new();
        options.DeferBelow.Agreement = 0.9;
        Task<ChatResponse> asking = new CascadeChatClient("main", [new("jury", panel), new("strong", FakeClient.Says("9"))], options).GetResponseAsync("?");
        gate.SetResult();
        ChatResponse response = await asking;
        Assert.That((response.Text, response.GetReceipt()!.Notes[0]), Is.EqualTo(("9", "jury → strong: agreement 0.667, 0.233 below 0.9")));
        Assert.That(leaf.Calls.Single().Options.GetEnsembleRequest(), Is.Null);
    }

    private static void SameInEveryOrder(IVoteRule rule, Gen<List<Ballot>> ballots) => Gen.Select(ballots, Gen.Int[0, Limits.Length - 1].Select(i => Limits[i]), Gen.Int, Gen.Bool).Sample(
        (all, limit, seed, asked) =>
        {
            Ballot[] order = [.. all];
            new Random(seed).Shuffle(order);
            DeferRule[] deferrals = asked ? [Limit(limit)] : [];
            Vote full = rule.Count(all);
            for (int arrived = 1; arrived < order.Length; arrived++)
            {
                double pending = order.Skip(arrived).Sum(ballot => ballot.Weight);
                if (!EarlyStop.IsSettled(rule, order.AsSpan(0, arrived), pending, deferrals))
                {
                    continue;
                }

                Vote stopped = rule.Count([.. order.Select((ballot, i) => i < arrived ? ballot : new Ballot { Voter = ballot.Voter, Weight = ballot.Weight })]);
                AgreementBounds bounds = ((IBoundedRule)rule).Bound(order.AsSpan(0, arrived), pending);
                if ((stopped.Outcome, stopped.Winner) != (full.Outcome, full.Winner)
                    || full.Agreement < bounds.Least - 1e-7 || full.Agreement > bounds.Most + 1e-7
                    || (asked && Defers(stopped.With(bounds), limit) != Defers(full, limit)))
                {
                    return false;
                }
            }

            return true;
        }, iter: 2000);

    private static bool Defers(Vote vote, double limit)
    {
        ChatResponse response = new(new ChatMessage(ChatRole.Assistant, vote.Winner));
        ReceiptCarrier.Attach(response, new ReceiptBuilder("jury", "panel", TimeProvider.System).Build(null, vote));
        return AnswerJudge.Judge(Limit(limit), response, null).Defers;
    }

    private static DeferRule Limit(double agreement) => new() { Agreement = agreement };

    // One order for each place of the two that dissent.
    private static IEnumerable<int[]> Orders(string[] answers)
    {
        int[] most = [.. Enumerable.Range(0, answers.Length).Where(i => answers[i] == "7")], few = [.. Enumerable.Range(0, answers.Length).Where(i => answers[i] != "7")];
        for (int i = 0; i < answers.Length; i++)
        {
            for (int j = i + 1; j < answers.Length; j++)
            {
                Queue<int> rest = new(most);
                yield return [.. Enumerable.Range(0, answers.Length).Select(place => place == i ? few[0] : place == j ? few[1] : rest.Dequeue())];
            }
        }
    }
}
