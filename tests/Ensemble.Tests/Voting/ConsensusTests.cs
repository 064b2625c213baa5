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
    public async Task OneInstant_InSeveralOffsets_IsOneValue()
    {
        ChatResponse<Event> response = await Panel("""{"at":"2026-11-26T10:00:00Z"}""", """{"at":"2026-11-26T19:00:00+09:00"}""", """{"at":"2026-11-26T10:00:00+00:00"}""", """{"at":"2026-11-26T19:00:00Z"}""").GetResponseAsync<Event>("?");
        FieldVote field = response.GetVote()!.Fields.Single();
        Assert.That((response.Result.At, field.Agreement), Is.EqualTo((new DateTimeOffset(2026, 11, 26, 10, 0, 0, TimeSpan.Zero), 0.75)));
        Assert.That(field.Dissent.Single().Value, Is.EqualTo("\"2026-11-26T19:00:00Z\""));
    }

    [Test]
    public async Task AnswerThatWasCutOff_IsNoTypedBallot()
    {
        FakeClient Sends(string text, ChatFinishReason finish) => FakeClient.Sends(new ChatResponseUpdate(ChatRole.Assistant, text) { FinishReason = finish });
        PanelChatClient panel = new("jury", [new("a", Sends("""{"data":"Red"}""", ChatFinishReason.Length)), new("b", Sends("""{"data":"Green"}""", ChatFinishReason.Stop))]);
        ChatResponse<Colour> response = await panel.GetResponseAsync<Colour>("?");
        Assert.That((response.Result, response.GetVote()!.Ballots[0].Failure), Is.EqualTo((Colour.Green, (FailureClass?)FailureClass.OutputLimit)));
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

    [TestCase("count", "'count' is no JSON pointer, which begins with '/'; write '/count'.")]
    [TestCase("$.place.city", "write '/place/city'.")]
    [TestCase("cuont", "'/cuont' is no field: the answer has no 'cuont'. Did you mean 'count'?")]
    [TestCase("/Count", "has no 'Count'. Did you mean 'count'? Name one of colour, count, paid, place, tags.")]
    [TestCase("/place/town", "'/place' has no 'town'. Name one of city, note.")]
    [TestCase("/count/x", "'/count' has none; remove '/x'.")]
    [TestCase("/tags/first", "'/tags' has no 'first'. Name one of *.")]
    public async Task FieldRuleForAFieldThatIsNone_IsRefused(string path, string message)
    {
        ChatOptions Ruled(string field) => new ChatOptions().WithEnsemble(request => request with { FieldRules = new Dictionary<string, FieldRule> { [field] = FieldRule.Mean } });
        Assert.That(async () => await Panel(Order).GetResponseAsync<Purchase>("?", Ruled(path)), Throws.InstanceOf<UnsupportedOptionException>().With.Message.Contains(message));
        foreach (string field in new[] { "", "/count", "/tags", "/tags/*", "/tags/0", "/place/city" })
        {
            Assert.That((await Panel(Order).GetResponseAsync<Purchase>("?", Ruled(field))).Result.Count, Is.EqualTo(3), field);
        }
    }

    [Test]
    public void FieldPaths_LookThroughReferencesAndAlternatives_AndAnOpenSchemaHasEveryField()
    {
        JsonElement schema = JsonElement.Parse("""
            {"type":"object","properties":{"tree":{"$ref":"#/$defs/node"},"open":{"type":"object"},"map":{"type":"object","additionalProperties":{"type":"object","properties":{"n":{"type":"number"}}}}},
             "$defs":{"node":{"anyOf":[{"type":"null"},{"$ref":"#/$defs/node"},{"type":"object","properties":{"next":{"$ref":"#/$defs/node"},"a/b":{"type":"number"}}}]}}}
            """);
        Assert.That(new[] { "/tree/next/next/a~1b", "/open/any/thing", "/map/key/n" }.Select(path => FieldPaths.ProblemWith(path, schema)), Is.All.Null);
        Assert.That(new[] { "/tree/nxt", "/tree/next/a", "/map/key/m", "/other" }.Select(path => FieldPaths.ProblemWith(path, schema)), Has.None.Null);
    }

    [Test]
    public async Task NobodyWhoGivesJson_IsADegradedAnswer([Values] bool streaming)
    {
        ChatOptions options = new() { ResponseFormat = ChatResponseFormat.ForJsonSchema<Purchase>() };
        Receipt receipt = (await Panel("x", "y", "{}").AskAsync(streaming, options: options)).GetReceipt()!;
        Assert.That((receipt.Degraded, receipt.Notes.Single()), Is.EqualTo((true, "No member gave JSON that fits the schema; the text of the first one stands, and is no result.")));
        Assert.That((await Panel("x", "y", Order).AskAsync(streaming, options: options)).GetReceipt()!.Degraded, Is.False);
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

    private sealed record Event(DateTimeOffset At);
}
