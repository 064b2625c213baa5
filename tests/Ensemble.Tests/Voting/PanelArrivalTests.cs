using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>Scripted voters arrive in the order of the virtual clock, so that the early stop of a panel can be tested without waiting.</summary>
public class PanelArrivalTests
{
    [Test]
    public void Voters_ArriveAtTheirTimes_AndNobodyWaitsForTheLastOne([Values] bool streaming)
    {
        VirtualTime time = new();
        PanelChatClient panel = Panel(time, ("a", "7", 1), ("b", "7", 2), ("c", "8", 40));
        List<(string Voter, double Seconds)> arrived = [];
        ChatResponse response = time.Run(async () =>
        {
            if (!streaming)
            {
                return await panel.GetResponseAsync("?").ConfigureAwait(false);
            }

            List<ChatResponseUpdate> updates = [];
            await foreach (ChatResponseUpdate update in panel.GetStreamingResponseAsync([new(ChatRole.User, "?")]).ConfigureAwait(false))
            {
                updates.Add(update);
                if (update.GetBallot() is { } ballot)
                {
                    arrived.Add((ballot.Voter, time.Elapsed.TotalSeconds));
                }
            }

            return updates.ToChatResponse();
        });
        Receipt receipt = response.GetReceipt()!;
        Assert.Multiple(() =>
        {
            Assert.That((response.Text, time.Elapsed), Is.EqualTo(("7", TimeSpan.FromSeconds(2))));
            Assert.That(receipt.Attempts.Select(attempt => (attempt.Member, attempt.Outcome)), Is.EqualTo(new[] { ("a", AttemptOutcome.Answered), ("b", AttemptOutcome.Answered), ("c", AttemptOutcome.Cancelled) }));
            Assert.That(arrived, Is.EqualTo(streaming ? new[] { ("a", 1.0), ("b", 2.0) } : []));
        });
    }

    [Test]
    public void Voters_ThatDisagree_AreAwaitedInTheOrderOfTheClock()
    {
        VirtualTime time = new();
        Vote vote = time.Run(() => Panel(time, ("slow", "8", 40), ("quick", "7", 1), ("middle", "8", 2)).GetResponseAsync("?")).GetVote()!;
        Assert.That((vote.Winner, time.Elapsed), Is.EqualTo(("8", TimeSpan.FromSeconds(40))), "one to one: the third decides");
    }

    [Test]
    public void FieldsOfATypedAnswer_ThatStoppedEarly_HaveTheAgreementThatIsCertain([Values] bool dissenterFirst)
    {
        VirtualTime time = new();
        const string Same = """{"id":7,"tags":["x"]}""";
        string[] answers = [.. Enumerable.Repeat(Same, 5), .. Enumerable.Repeat("""{"id":8,"tags":["y"]}""", 4)];
        int[] seconds = dissenterFirst ? [2, 3, 4, 5, 6, 1, 40, 41, 42] : [1, 2, 3, 4, 5, 40, 41, 42, 43];
        PanelChatClient panel = Panel(time, null, [.. answers.Select((answer, i) => ($"v{i}", answer, seconds[i]))]);
        ChatOptions options = new()
        {
            ResponseFormat = ChatResponseFormat.ForJsonSchema(System.Text.Json.JsonElement.Parse(
            """{"type":"object","properties":{"id":{"type":"integer"},"tags":{"type":"array","items":{"type":"string"}}},"required":["id","tags"]}"""))
        };
        Vote vote = time.Run(() => panel.GetResponseAsync("?", options)).GetVote()!;
        Assert.That(vote.Ballots.Count(ballot => ballot.Choice is not null), Is.EqualTo(dissenterFirst ? 6 : 5), "the others were stopped");
        Assert.That(vote.Agreement, Is.EqualTo(5 / 9.0).Within(1e-9));
        Assert.That(vote.Fields.Select(field => field.Agreement), Is.All.EqualTo(5 / 9.0).Within(1e-9));
    }

    private static PanelChatClient Panel(VirtualTime time, params (string Name, string Text, int Seconds)[] voters) => Panel(time, BallotNormalizer.Number, voters);

    private static PanelChatClient Panel(VirtualTime time, IBallotNormalizer? normalizer, (string Name, string Text, int Seconds)[] voters) => new(
        "jury",
        voters.Select(voter => new Member(voter.Name, new ScriptedMember(voter.Name, time).Always(AnswerScript.Text(voter.Text).After(TimeSpan.FromSeconds(voter.Seconds))))),
        new PanelOptions { Normalizer = normalizer },
        new EnsembleRuntime { TimeProvider = time });
}
