using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

/// <summary>Long numbers are not doubles, texts of JSON may hold back-quotes, and who answers first decides nothing.</summary>
public class ConsensusOrderTests
{
    private static readonly string[] Ids = ["""{"id":1234567890123456789}""", """{"id":1234567890123456789}""", """{"id":1234567890123456788}"""];

    [Test]
    public async Task LongWholeNumbers_AreNeverMerged_InAnyOrder([Values(0, 1, 2)] int dissenter)
    {
        string[] answers = [.. Ids[..2]];
        answers = [.. answers[..Math.Min(dissenter, 2)], Ids[2], .. answers[Math.Min(dissenter, 2)..]];
        ChatResponse<LongId> response = await Panel(answers).GetResponseAsync<LongId>("Which?");
        FieldVote field = response.GetVote()!.Fields.Single();
        Assert.That(response.Result.Id, Is.EqualTo(1234567890123456789));
        Assert.That(field.Agreement, Is.EqualTo(2 / 3.0).Within(1e-9));
        Assert.That(field.Dissent, Has.Count.EqualTo(1));
    }

    [Test]
    public async Task TextsThatHoldBackQuotes_AreJson()
    {
        const string Fenced = "{\"t\":\"Use ```js\\nfoo()\\n``` here\"}";
        ChatResponse<Text> response = await Panel(Fenced, Fenced, "{\"t\":\"other\"}").GetResponseAsync<Text>("What?");
        Assert.That(response.Result.T, Does.StartWith("Use ```js"));
    }

    [TestCase("9007199254740992|9007199254740993|9007199254740993", "9007199254740993")]
    [TestCase("9007199254740993|9007199254740993|9007199254740992", "9007199254740993")]
    public void AMedianOfLongNumbers_IsExact(string numbers, string expected)
    {
        Vote vote = VoteRule.Median.Count([.. numbers.Split('|').Select((number, i) => new Ballot { Voter = $"v{i}", Choice = number })]);
        Assert.That((vote.Winner, vote.Agreement), Is.EqualTo((expected, 2 / 3.0)));
    }

    [Test]
    public void AListThatMostSaid_KeepsItsOrder()
    {
        string[] answers = [.. Enumerable.Repeat("""{"items":["a","b"]}""", 5), .. Enumerable.Repeat("""{"items":["b","x","y","z","a"]}""", 4)];
        Assert.That(async () => (await Panel(answers).GetResponseAsync<List>("Which?")).Result.Items, Is.EqualTo(new[] { "a", "b" }));
    }

    [TestCase("HK$5", "$5")]
    [TestCase("5 kW h", "5 kW")]
    [TestCase("5 N m", "5 N")]
    public void DifferentQuantities_AreNeverTheSame(string left, string right) =>
        Assert.That(BallotNormalizer.Quantity.Read(left), Is.Not.EqualTo(BallotNormalizer.Quantity.Read(right)));

    [TestCase("No, it isn't.", "no")]
    [TestCase("No it is not", "no")]
    [TestCase("Yes it is", "yes")]
    [TestCase("Yes, it is not.", null)]
    [TestCase("아니", "no")]
    [TestCase("정답은 예입니다", "yes")]
    [TestCase("틀린 것은 아니다", null)]
    public void YesOrNo(string answer, string? expected) => Assert.That(BallotNormalizer.YesNo.Read(answer), Is.EqualTo(expected));

    [TestCase("서울입니다", "서울")]
    [TestCase("정답은 서울이다.", "서울")]
    [TestCase("서울대", null)]
    public void KoreanEndings_AreNoPartOfAChoice(string answer, string? expected) => Assert.That(BallotNormalizer.ForChoices(["서울", "부산"]).Read(answer), Is.EqualTo(expected));

    [TestCase("The answer is Option D.", "D")]
    [TestCase("Option B is correct", "B")]
    [TestCase("정답은 B입니다", "B")]
    public void LettersInASentence(string answer, string expected) => Assert.That(BallotNormalizer.ForLetters(4).Read(answer), Is.EqualTo(expected));

    [TestCase("The light is on.", "The light is off.")]
    [TestCase("Alice killed Bob", "Bob killed Alice")]
    public void Opposites_AreNotAskedOfAnEmbedding(string left, string right) => Assert.That(AnswerFacts.Read(left)!.MayEqual(AnswerFacts.Read(right)!), Is.False);

    [Test]
    public void CodeThatHoldsBackQuotes_IsNotCutAtThem() =>
        Assert.That(BallotNormalizer.Code.Read("```\nx = \"```\"\n```"), Is.EqualTo("x = \"```\""));

    private static PanelChatClient Panel(params string[] answers) => new("jury", [.. answers.Select((answer, i) => new Member($"v{i}", FakeClient.Says(answer)))]);

    private sealed record LongId(long Id);

    private sealed record Text(string T);

    private sealed record List(string[] Items);
}
