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
    [TestCase("<answer type=\"int\">6</answer>", "6")]
    [TestCase("<Answer id='1' >6</answer > 5 was my first.", "6")]
    [TestCase("5 it was. <result>6</result>", "6")]
    [TestCase("<output>6</output>", "6")]
    [TestCase("<answer>6</answer> <output>log 7</output>", "6")]
    [TestCase("<result>6</result> or <result>7</result>", null)]
    [TestCase("<|channel|>analysis<|message|>It is 5<|end|><|start|>assistant<|channel|>final<|message|>6<|return|>", "6")]
    [TestCase("<|channel|>analysis<|message|>It is 5", null)]
    [TestCase("<|channel|>final<|message|>6<|end|><|start|>user<|message|>And 7?", "6")]
    [TestCase("analysisIt is 5, or so.assistantfinal6", "6")]
    [TestCase("analysisIt is 5", null)]
    [TestCase("<|im_start|>assistant\n6<|im_end|>", "6")]
    [TestCase("6<|eot_id|>7", "6")]
    [TestCase("6</s>", "6")]
    [TestCase("6 <s>5</s>", null)]
    [TestCase("The answer is <strong>5</strong>.", "5")]
    [TestCase("<p>5</p>", "5")]
    [TestCase("5 < 6", null)]
    public void Number_IsReadWhereItIsStated(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase(@"\boxed{5} or \boxed{6}", null)]
    [TestCase(@"$\boxed{5}$ is wrong.", null)]
    [TestCase(@"The answer is not $\boxed{5}$", null)]
    [TestCase(@"Perhaps \boxed{5}", null)]
    [TestCase(@"\boxed{5}. Wait, it is 6.", null)]
    [TestCase(@"\boxed{5}. Wait, \boxed{6}", "6")]
    [TestCase(@"It is \boxed{5}. The correct answer is 5.", "5")]
    [TestCase(@"If x is 2, then \(\boxed{5}\).", "5")]
    [TestCase("{\"answer\": 5, \"confidence\": 0.9}", "5")]
    [TestCase("{\"confidence\": 0.9, \"value\": 5}", "5")]
    [TestCase("```json\n{\"value\": 5, \"confidence\": 0.9}\n```", "5")]
    [TestCase("{\"count\": 5}", "5")]
    [TestCase("{\"a\": 5, \"b\": 6}", null)]
    [TestCase("{\"not\": 5}", null)]
    [TestCase("{\"reasoning\": \"The answer is 6.\", \"answer\": 5}", "5")]
    [TestCase("{5}", "5")]
    public void Number_InABoxOrJson_IsReadWhenItIsSure(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [Test]
    public void QuantityInJson_HasItsUnit() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.Quantity.Read("{\"value\": 5, \"unit\": \"km\"}"), Is.EqualTo("5000 m"));
        Assert.That(BallotNormalizer.Quantity.Read("{\"answer\": {\"value\": 5, \"unit\": \"m\"}}"), Is.EqualTo("5 m"));
        Assert.That(BallotNormalizer.Quantity.Read("{\"answer\": \"5 km\"}"), Is.EqualTo("5000 m"));
    });

    [TestCase(@"not \boxed{B}", null)]
    [TestCase(@"\boxed{A} or \boxed{B}", null)]
    [TestCase(@"\boxed{B} is wrong.", null)]
    [TestCase(@"So \(\boxed{\text{B}}\).", "B")]
    public void Letter_InABox(string answer, string? expected) => Assert.That(BallotNormalizer.ForLetters(4).Read(answer), Is.EqualTo(expected));

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
        Assert.That(BallotNormalizer.ShortAnswer.Read("<|channel|>analysis<|message|>Busan<|end|><|channel|>final<|message|>Seoul<|return|>"), Is.EqualTo("seoul"));
        Assert.That(BallotNormalizer.ShortAnswer.Read("Seoul<end_of_turn>"), Is.EqualTo("seoul"));
        Assert.That(BallotNormalizer.YesNo.Read("Yes<|eot_id|>"), Is.EqualTo("yes"));
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
        Assert.That(BallotNormalizer.Code.Read("stop = \"<|im_end|>\"\n<|im_end|>"), Is.EqualTo("stop = \"<|im_end|>\""));
        Assert.That(BallotNormalizer.Json.Read("{\"stop\":\"</s>\"}<|im_end|>"), Is.EqualTo(BallotNormalizer.Json.Read("{\"stop\":\"</s>\"}")).And.Not.Null);
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

    [TestCase("Sure! <think>I guess it is 5", null)]
    [TestCase("6 <think>Let me check 5", null)]
    [TestCase("Sure. <think>5 it is</think>6", "6")]
    [TestCase("<thinking>5</thinking><think>4</think>6", "6")]
    [TestCase("<think>I close it with </think> later. 5.</think>6", "6")]
    [TestCase("[THINK]It is 5", null)]
    [TestCase("[THINK]It is 5[/THINK]6", "6")]
    [TestCase("<answer>5</answer><reasoning>2 + 3, or 4 + 1</reasoning>", "5")]
    [TestCase("<answer>6</answer> or <answer>7</answer>", null)]
    [TestCase("<answer>6</answer>\n<answer>7</answer>", null)]
    [TestCase("<answer>6</answer>\n<answer>6</answer>", "6")]
    [TestCase("<answer>6</answer> is wrong.", null)]
    [TestCase("<answer>6</answer> Wait, that's wrong. It is 7.", null)]
    [TestCase("It is not <answer>6</answer>", null)]
    [TestCase("<answer>6</answer> Wait, that's wrong. <answer>7</answer>", "7")]
    [TestCase("<answer>6</answer> I am sure.", "6")]
    [TestCase("<b>1</b><b>2</b>", null)]
    [TestCase("<b>1</b>", "1")]
    public void Number_IsReadOutsideOfThoughtsOnly_AndNotWhereItIsTakenBack(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase("a<b>c", "ac")]
    [TestCase("List<i>", "List")]
    [TestCase("List<i>", "List<b>")]
    public void ShortAnswer_KeepsWhatOnlyLooksLikeAMark(string one, string other) => Assert.That(BallotNormalizer.ShortAnswer.Read(one), Is.Not.EqualTo(BallotNormalizer.ShortAnswer.Read(other)).And.Not.Null);

    [Test]
    public void Choice_MayBeATag() => Assert.That(BallotNormalizer.ForChoices(["<b>", "<i>"]).Read("<b>"), Is.EqualTo("<b>"));

    [TestCase("print(\"</think>\")", "print(\"</think>\")")]
    [TestCase("<think>x?</think>\nprint(\"</think>\")", "print(\"</think>\")")]
    [TestCase("x = 2, I think.\n</think>\n\nx = 3", "x = 3")]
    [TestCase("<think>\nx = 1", null)]
    public void Code_KeepsTagsThatAreItsOwn(string answer, string? expected) => Assert.That(BallotNormalizer.Code.Read(answer), Is.EqualTo(expected));

    [Test]
    public void Json_KeepsTagsThatAreItsOwn() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.Json.Read("{\"a\":\"</think>\"}"), Is.EqualTo(BallotNormalizer.Json.Read("{ \"a\": \"<\\/think>\" }")).And.Not.Null);
        Assert.That(BallotNormalizer.Json.Read("<think>{\"a\":1}"), Is.Null);
        Assert.That(BallotNormalizer.Json.Read("so it is.</think>{\"a\":1}"), Is.EqualTo("{\"a\":1}"));
    });

    [TestCase("The population is 5 million [1].", "5000000")]
    [TestCase("It is 5.[1]", "5")]
    [TestCase("It is 5 [1][2].", "5")]
    [TestCase("It has 9 million people [1].", "9000000")]
    [TestCase("About 9 million people [1][2]", "9000000")]
    [TestCase("It has 9 million people who live there [1].", null)]
    [TestCase("2 cars, choose [5]", null)]
    [TestCase("2 cars give [5]", "5")]
    [TestCase("Nobody knows it [1].", null)]
    [TestCase("The answer is [5]", "5")]
    [TestCase("The result for 2 cars is [5]", "5")]
    [TestCase("[5]", "5")]
    [TestCase("It is 5 apples [2], [3].", null)]
    [TestCase("5명 [1]", "5")]
    [TestCase("5 km【1】", null)]
    [TestCase("정답은 [5]", "5")]
    [TestCase("It is 5【1†source】.", "5")]
    [TestCase("12 [see 3]", "12")]
    [TestCase("5 million [1].\n\n[1] World Bank, 2020", "5000000")]
    [TestCase("5 million.\nSource: World Bank, 2020.", "5000000")]
    [TestCase("It is 5. Sources: 1. World Bank", "5")]
    [TestCase("I read it.\nSource: a book of 1990\nThe answer is 5", "5")]
    public void Number_OfACitation_IsNoAnswer(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase("I am 90% sure.")]
    [TestCase("x &gt; 5")]
    [TestCase("The wrong answer is <answer>5</answer>")]
    [TestCase("<answer>5</answer> However, the true answer is 6.")]
    [TestCase("5 (wrong)")]
    [TestCase("5: incorrect")]
    [TestCase("Wrong: 5")]
    [TestCase("The wrong answer is 5.")]
    [TestCase("오답은 5")]
    [TestCase("5는 잘못된 답입니다")]
    [TestCase("5는 거짓입니다")]
    [TestCase("None of them is 5.")]
    [TestCase("by the year 2030")]
    [TestCase("by the end of 2030")]
    [TestCase("2030 and later")]
    [TestCase("2030 at the latest")]
    [TestCase("in the 1990s")]
    [TestCase("5 apples and a half")]
    [TestCase("5 (in millions)")]
    [TestCase("5 (or more)")]
    [TestCase("5 (negative)")]
    [TestCase("twelve (12) or more")]
    [TestCase("twelve (12) is wrong")]
    [TestCase("five (5) apples and six (6) pears")]
    public void Number_CalledWrongOrBounded_IsNone(string answer) => Assert.That(BallotNormalizer.Number.Read(answer), Is.Null);

    [TestCase("5\nConfidence: 90%", "5")]
    [TestCase("5\n\nConfidence: 0.9", "5")]
    [TestCase("5\nConfidence (0-100): 90", "5")]
    [TestCase("5\n**Confidence:** high (90%)", "5")]
    [TestCase("5. I am 90% sure.", "5")]
    [TestCase("5 with 90% confidence", "5")]
    [TestCase("5\n(90% sure)", "5")]
    [TestCase("신뢰도: 90%\n5", "5")]
    [TestCase("5\n신뢰도: 90%", "5")]
    [TestCase("The probability is 90%", "90")]
    [TestCase("5&nbsp;000 people", "5000")]
    [TestCase("twelve (12) million", "12000000")]
    [TestCase("In 2020 there were twelve (12)", "12")]
    [TestCase("열두 개(12개)", "12")]
    [TestCase("12 (twelve)", "12")]
    [TestCase("5 (five) km", "5")]
    [TestCase("6 is wrong: 5", "5")]
    [TestCase("5 apples", "5")]
    [TestCase("It was 1990.", "1990")]
    public void Number_SaidTwice_IsReadWithWhatIsBehind(string answer, string expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [TestCase("five (5) km", "5 km", true)]
    [TestCase("5 (five) km", "5 km", true)]
    [TestCase("5 [1] km", "5 km", true)]
    [TestCase("5 km (rounded to the nearest)", "5 km", true)]
    [TestCase("five (5) miles", "5 km", false)]
    [TestCase("5 (I checked) km", "5", false)]
    [TestCase("5 km (per hour)", "5 km", false)]
    [TestCase("5 km (3.1 miles) per hour", "5 km", false)]
    [TestCase("$5 (Canadian dollars)", "$5", false)]
    [TestCase("5 tons (short tons)", "5 tons", false)]
    [TestCase("$5 (a month)", "$5", false)]
    [TestCase("5 (in km)", "5 (in miles)", false)]
    [TestCase("every day 5 apples", "5 apples", false)]
    [TestCase("per week: 5 apples", "5 apples", false)]
    [TestCase("매주: 5개", "5개", false)]
    public void Quantity_IsTheSameOnlyWhereNothingIsLost(string one, string other, bool same)
    {
        string? first = BallotNormalizer.Quantity.Read(one);
        string? second = BallotNormalizer.Quantity.Read(other);
        Assert.That(first is not null && first == second, Is.EqualTo(same), $"{first} {second}");
    }

    [Test]
    public void SourcesAndConfidenceUnderAnAnswer_AreNoPartOfIt() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.Date.Read("2026-03-05\nSource: report of 2020-01-01"), Is.EqualTo("2026-03-05"));
        Assert.That(BallotNormalizer.ForChoices(["high", "low"]).Read("low\nConfidence: high"), Is.EqualTo("low"));
        Assert.That(BallotNormalizer.ShortAnswer.Read("Seoul\nConfidence: 90%"), Is.EqualTo("seoul"));
        Assert.That(BallotNormalizer.ShortAnswer.Read("Confidence: 90%"), Is.EqualTo("confidence 90%"));
        Assert.That(BallotNormalizer.ShortAnswer.Read("Sources: Seoul"), Is.Not.Null);
    });

    [Test]
    public void WrongAnswer_IsNoChoice() => Assert.Multiple(() =>
    {
        Assert.That(BallotNormalizer.ForLetters(4).Read("The wrong answer is B."), Is.Null);
        Assert.That(BallotNormalizer.ForLetters(4).Read("The wrong answer is B. The right answer is C."), Is.Not.EqualTo("B"));
        Assert.That(BallotNormalizer.YesNo.Read("The wrong answer is yes."), Is.Null);
        Assert.That(BallotNormalizer.Date.Read("오답: 2026-03-05"), Is.Null);
        Assert.That(BallotNormalizer.ForChoices(["긍정", "부정"]).Read("긍정은 거짓"), Is.Null);
        Assert.That(BallotNormalizer.ForChoices(["correct", "incorrect"]).Read("incorrect"), Is.EqualTo("incorrect"));
    });
}
