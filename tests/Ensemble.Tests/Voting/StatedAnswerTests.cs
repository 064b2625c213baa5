namespace Ensemble.Tests;

/// <summary>Thoughts and tags around an answer, as reasoning models and prompts for tags leave them in a text.</summary>
public class StatedAnswerTests
{
    [TestCase("<answer>5</answer>", "5")]
    [TestCase("2 + 3 is 5, times 2 is 10.\n<answer>10</answer>", "10")]
    [TestCase("<answer>10", "10")]
    [TestCase("<final_answer>\n12\n</final_answer>", "12")]
    [TestCase("<answer>5</answer> No. <answer>6</answer>", "6")]
    [TestCase("<answer></answer>", null)]
    [TestCase("<answer>5 or 6</answer>", null)]
    [TestCase("<think>5? No, 6 it is.</think>\n\n6", "6")]
    [TestCase("<think>The answer is 5. Wait.</think>The answer is 6.", "6")]
    [TestCase("5 it was.\n</think>\n6", "6")]
    [TestCase("<think>It is 5, I am", null)]
    [TestCase("<b>5</b>", "5")]
    [TestCase("The answer is <strong>5</strong>.", "5")]
    [TestCase("<p>5</p>", "5")]
    [TestCase("5 < 6", null)]
    public void Number_IsReadWhereItIsStated(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase("<think>A looks right, but A) is wrong.</think>B", "B")]
    [TestCase("<answer>B</answer>", "B")]
    [TestCase("<think>Is it A", null)]
    public void Letter_IsReadWhereItIsStated(string answer, string? expected) => Assert.That(BallotNormalizer.ForLetters(4).Read(answer), Is.EqualTo(expected));

    [TestCase("<think>It is not spam.</think> spam", "spam")]
    [TestCase("Between ham and spam: <answer>ham</answer>", "ham")]
    public void Choice_IsReadWhereItIsStated(string answer, string? expected) => Assert.That(BallotNormalizer.ForChoices(["spam", "ham"]).Read(answer), Is.EqualTo(expected));

    [Test]
    public void YesNoDateShortAnswerAndRanking_AreReadWhereTheyAreStated() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.YesNo.Read("<think>No?</think>Yes."), Is.EqualTo("yes"));
        Assert.That(BallotNormalizer.Date.Read("<think>2026-03-06?</think>2026-03-05"), Is.EqualTo("2026-03-05"));
        Assert.That(BallotNormalizer.ShortAnswer.Read("<think>Busan?</think>\n<b>Seoul</b>"), Is.EqualTo("seoul"));
        Assert.That(BallotNormalizer.ForRanking(["a", "b"]).Read("<think>a > b</think>b > a"), Is.EqualTo(BallotNormalizer.ForRanking(["a", "b"]).Read("b > a")));
    });

    [TestCase("<think>{\"a\":1}</think>{\"a\":2}", "{\"a\":2}")]
    [TestCase("<answer>{\"a\":2}</answer>", "{\"a\":2}")]
    [TestCase("{\"a\":\"<think>x</think><answer>y</answer>\"}", "{\"a\":\"<think>x</think><answer>y</answer>\"}")]
    public void Json_KeepsWhatIsInside(string answer, string expected) => Assert.That(BallotNormalizer.Json.Read(answer), Is.EqualTo(BallotNormalizer.Json.Read(expected)).And.Not.Null);

    [Test]
    public void Code_KeepsItsTags_AndLosesThoughts() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.Code.Read("<b>5</b>"), Is.EqualTo("<b>5</b>"));
        Assert.That(BallotNormalizer.Code.Read("<think>x = 1?</think>\nx = 2"), Is.EqualTo("x = 2"));
    });

    [Test]
    public void Exact_KeepsEverything() => Assert.That(BallotNormalizer.Exact.Read("<answer>5</answer>"), Is.EqualTo("<answer>5</answer>"));

    [TestCase("twelve (12)", "12")]
    [TestCase("five (5) apples", "5")]
    [TestCase("five (6)", null)]
    [TestCase("It would be wrong to say 5.", null)]
    [TestCase("Nobody said 5.", null)]
    [TestCase("by 2030", null)]
    [TestCase("after 1999", null)]
    [TestCase("It doubles after 5 years", "5")]
    [TestCase("Divide by 5 and you get 7.", "7")]
    [TestCase("5부터", null)]
    [TestCase("한 개 반", null)]
    [TestCase("사과 두 개", "2")]
    public void Number_SaidTwiceDeniedOrBounded_IsReadAsWhatItIs(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase("5 miles (nautical)", "5 miles")]
    [TestCase("$5 (CAD)", "$5")]
    [TestCase("5 gallons (UK)", "5 gallons")]
    [TestCase("daily 5 apples", "weekly 5 apples")]
    [TestCase("daily: $5", "$5")]
    [TestCase("매일 5개", "5개")]
    public void Quantity_WithARemarkThatSaysOfWhat_IsNoOther(string one, string other)
    {
        string? first = BallotNormalizer.Quantity.Read(one);
        Assert.That(first is null || first != BallotNormalizer.Quantity.Read(other), Is.True, first);
    }

    [TestCase("5 miles (approximately)", "5 miles")]
    [TestCase("5 km (I checked)", "5 km")]
    [TestCase("2 m (200 cm)", "2 m")]
    public void Quantity_WithARemarkThatSaysNothingOfIt_IsTheSame(string one, string other) =>
        Assert.That(BallotNormalizer.Quantity.Read(one), Is.EqualTo(BallotNormalizer.Quantity.Read(other)).And.Not.Null);
}
