using System.Text.Json;
using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class ConsensusTests
{
    private const string Order = """{"colour":"Red","count":3,"paid":true,"tags":["new","gift"],"place":{"city":"Seoul","note":"ring twice"}}""";

    public enum Colour
    {
        Red,
        Green,
    }

    [Test]
    public async Task TypedAnswer_IsVotedOverFieldByField()
    {
        PanelChatClient panel = Panel(
            Order,
            """{"colour":"Green","count":4,"paid":true,"tags":["gift"],"place":{"city":"Busan","note":"ring twice!"}}""",
            """{"colour":"Green","count":90,"paid":false,"tags":["gift","new"],"place":{"city":"Seoul","note":"ring once"}}""");
        ChatResponse<Purchase> response = await panel.GetResponseAsync<Purchase>("?");
        Purchase merged = response.Result;
        Vote vote = response.GetVote()!;
        Assert.Multiple(() =>
        {
            Assert.That((merged.Colour, merged.Count, merged.Paid), Is.EqualTo((Colour.Green, 4, true)));
            Assert.That(merged.Tags, Is.EquivalentTo(new[] { "new", "gift" }));
            Assert.That((merged.Place.City, merged.Place.Note), Is.EqualTo(("Seoul", "ring twice")));
            Assert.That(vote.Fields.Single(f => f.Path == "/place/city").Agreement, Is.EqualTo(2.0 / 3).Within(1e-12));
            Assert.That(vote.Fields.Single(f => f.Path == "/colour").Dissent, Is.EqualTo(new[] { KeyValuePair.Create("m1", "\"Red\"") }));
            Assert.That(vote.Fields.Select(f => f.Path), Is.EqualTo(new[] { "/colour", "/count", "/paid", "/tags", "/place/city", "/place/note" }));
        });
    }

    [Test]
    public async Task InvalidJson_CostsOneBallot()
    {
        ChatResponse<Purchase> response = await Panel("no json", Order, """{"colour":"Blue"}""", $"```json\n{Order}\n```").GetResponseAsync<Purchase>("?");
        Assert.Multiple(() =>
        {
            Assert.That(response.Result.Count, Is.EqualTo(3));
            Assert.That(response.GetVote()!.Ballots.Select(b => b.Choice is null), Is.EqualTo(new[] { true, false, true, false }));
            Assert.That(response.GetVote()!.Agreement, Is.EqualTo(1));
        });
    }

    [Test]
    public async Task EnumType_SetsTheChoices()
    {
        ChatResponse<Colour> response = await Panel("""{"data":"Green"}""", """{"data":"Red"}""", """{"data":"Green"}""").GetResponseAsync<Colour>("?");
        Assert.That((response.Result, response.GetVote()!.Winner), Is.EqualTo((Colour.Green, "Green")));
    }

    [Test]
    public async Task List_InThePlatformsWrapper_IsVotedOverByElement()
    {
        ChatResponse<string[]> response = await Panel("""{"data":["b","a"]}""", """{"data":["a","c"]}""", """{"data":["a","b"]}""").GetResponseAsync<string[]>("?");
        Assert.That(response.Result, Is.EqualTo(new[] { "a", "b" }));
    }

    [Test]
    public void Rules_OfTheRequest_GoBeforeThoseOfTheType()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"number"},"s":{"type":"string"}},"required":["n","s"]}""");
        string[] answers = ["""{"n":1,"s":"x"}""", """{"n":2,"s":"yy"}""", """{"n":9,"s":"yy"}"""];
        Vote plain = Count(schema, answers);
        Vote ruled = Count(schema, answers, new() { ["/n"] = FieldRule.Mean });
        Vote tolerant = Count(schema, ["""{"n":100,"s":"x"}""", """{"n":101,"s":"x"}"""], tolerance: 0.01);
        Assert.Multiple(() =>
        {
            Assert.That(plain.Winner, Is.EqualTo("""{"n":2,"s":"yy"}"""));
            Assert.That(ruled.Winner, Is.EqualTo("""{"n":4,"s":"yy"}"""));
            Assert.That(tolerant.Fields[0].Agreement, Is.EqualTo(1));
        });
    }

    [Test]
    public void ListOfObjects_IsVotedOverPlaceByPlace()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"array","items":{"type":"object","properties":{"n":{"type":"integer"}}}}""");
        Vote vote = Count(schema, ["""[{"n":1},{"n":2}]""", """[{"n":1},{"n":3},{"n":9}]""", """[{"n":4},{"n":3}]"""]);
        Assert.That((vote.Winner, string.Join(' ', vote.Fields.Select(f => f.Path))), Is.EqualTo(("""[{"n":1},{"n":3}]""", "/0/n /1/n")));
    }

    [Test]
    public void OptionalField_StaysWhenMostGiveIt_AndNullIsAValue()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"a":{"type":["string","null"]},"b":{"type":"string"}}}""");
        Vote vote = Count(schema, ["""{"a":null,"b":"x"}""", """{"a":null}""", """{"a":"z"}"""]);
        Assert.Multiple(() =>
        {
            Assert.That(vote.Winner, Is.EqualTo("""{"a":null}"""));
            Assert.That(vote.Fields.Single(f => f.Path == "/b").Value, Is.Null);
            Assert.That(vote.Fields.Single(f => f.Path == "/b").Dissent.Single().Key, Is.EqualTo("v0"));
        });
    }

    [Test]
    public void MergeThatDoesNotFitTheSchema_YieldsTheMedoidBallot()
    {
        // Each element is in one ballot only, so that the merged list would be empty, which the schema forbids.
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"l":{"type":"array","items":{"type":"string"},"minItems":1},"k":{"type":"string","enum":["p","q"]}},"required":["l","k"]}""");
        string[] answers = ["""{"l":["a"],"k":"p"}""", """{"l":["b"],"k":"q"}""", """{"l":["c"],"k":"q"}"""];
        Vote vote = Count(schema, answers);
        Assert.That(answers.Skip(1).Select(JsonCanonical), Has.Member(vote.Winner));
    }

    [Test]
    public void Winner_FitsTheSchema_AndDoesNotDependOnTheOrder()
    {
        JsonElement schema = JsonElement.Parse("""
            {"type":"object","properties":{"n":{"type":"integer","minimum":0,"maximum":5},"e":{"enum":["p","q"]},"l":{"type":"array","items":{"type":"integer"},"maxItems":3},"s":{"type":"string"}},
             "required":["n","e","l"],"additionalProperties":false}
            """);
        Gen<string> answer = Gen.Select(Gen.Int[0, 5], Gen.Bool, Gen.Int[0, 3].Array[0, 3], Gen.Int[0, 3].Select(i => new[] { "x", "xy", "zzz", "" }[i]), (n, e, l, s) =>
            JsonSerializer.Serialize(s.Length == 0 ? (object)new { n, e = e ? "p" : "q", l } : new { n, e = e ? "p" : "q", l, s }));
        Gen.Select(answer.Array[1, 7], Gen.Int).Sample((answers, seed) =>
        {
            string[] shuffled = [.. answers];
            new Random(seed).Shuffle(shuffled);
            Vote vote = Count(schema, answers);
            return JsonSchemaCheck.Find(JsonElement.Parse(vote.Winner!), schema) is null && vote.Winner == Count(schema, shuffled).Winner;
        });
    }

    [Test]
    public void EarlyStop_HasTheWinnerOfTheFullVote()
    {
        JsonElement schema = JsonElement.Parse("""{"type":"object","properties":{"n":{"type":"integer"},"l":{"type":"array","items":{"type":"integer"}},"s":{"type":"string"}}}""");
        Gen<string> answer = Gen.Select(Gen.Int[0, 1], Gen.Int[0, 1], (n, s) => $$"""{"n":{{n}},"l":[{{n}}],"s":"{{(s == 0 ? "a" : "bb")}}"}""");
        answer.Array[1, 9].Sample(answers =>
        {
            Consensus rule = new(schema, null, 0);
            Ballot[] ballots = Read(rule, answers);
            string? full = rule.Count(ballots).Winner;
            return Enumerable.Range(1, ballots.Length).All(arrived =>
                !rule.IsDecided(ballots.AsSpan(0, arrived), ballots.Length - arrived) || rule.Count(ballots[..arrived]).Winner == full);
        });
    }

    [Test]
    public async Task Vote_WithFields_SurvivesJson()
    {
        ChatResponse<Purchase> response = await Panel(Order, Order.Replace("Seoul", "Busan", StringComparison.Ordinal), Order).GetResponseAsync<Purchase>("?");
        string json = JsonSerializer.Serialize(response.GetReceipt()!, EnsembleJson.Receipt);
        Receipt back = JsonSerializer.Deserialize(json, EnsembleJson.Receipt)!;
        Assert.That(back.Vote!.Fields.Single(f => f.Path == "/place/city").Dissent, Is.EqualTo(response.GetVote()!.Fields.Single(f => f.Path == "/place/city").Dissent).And.Not.Empty);
    }

    private static string? JsonCanonical(string json) => BallotNormalizer.Json.Read(json);

    private static Vote Count(JsonElement schema, string[] answers, Dictionary<string, FieldRule>? rules = null, double tolerance = 0)
    {
        Consensus rule = new(schema, rules, tolerance);
        return rule.Count(Read(rule, answers));
    }

    private static Ballot[] Read(Consensus rule, string[] answers) => [.. answers.Select((answer, i) => new Ballot { Voter = $"v{i}", Choice = rule.Read(answer) })];

    private static PanelChatClient Panel(params string[] answers) =>
        new("jury", answers.Select((answer, i) => new Member($"m{i + 1}", FakeClient.Says(answer))), new PanelOptions { StopsEarly = false });

    public sealed record Purchase(Colour Colour, int Count, bool Paid, string[] Tags, Place Place);

    public sealed record Place(string City, string Note);
}
