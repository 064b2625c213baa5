using System.Globalization;
using CsCheck;

namespace Ensemble.Tests;

public class NormalizerTests
{
    private static readonly IBallotNormalizer Teams = BallotNormalizer.ForChoices(["billing", "account", "bill"]);

    [TestCase("billing", "billing")]
    [TestCase(" \"Billing\". ", "billing")]
    [TestCase("**billing**", "billing")]
    [TestCase("{\"data\":\"account\"}", "account")]
    [TestCase("{\"team\":\"account\"}", "account")]
    [TestCase("The team is billing, of course.", "billing")]
    [TestCase("Please bill me", "bill")]
    [TestCase("not billing but account", "account")]
    [TestCase("not billing", null)]
    [TestCase("non-billing", null)]
    [TestCase("not really billing", null)]
    [TestCase("It isn't billing.", null)]
    [TestCase("I wouldn't say billing", null)]
    [TestCase("billing is not it", null)]
    [TestCase("billing. No, not billing", null)]
    [TestCase("Not sure, but billing", "billing")]
    [TestCase("I do not know the rest but it is billing", "billing")]
    [TestCase("rebilling", null)]
    [TestCase("shipping", null)]
    [TestCase("", null)]
    [TestCase("{broken", null)]
    public void Choices_ReadExactlyOne(string answer, string? expected) => Assert.That(Teams.Read(answer), Is.EqualTo(expected));

    [TestCase("It is not spam.", "not spam")]
    [TestCase("This is spam", "spam")]
    [TestCase("It isn't spam", null)]
    [TestCase("not spam, not spam", "not spam")]
    public void Choices_OneInsideAnother_AreToldApart(string answer, string? expected) => Assert.That(BallotNormalizer.ForChoices(["spam", "not spam"]).Read(answer), Is.EqualTo(expected));

    [TestCase("42", "42")]
    [TestCase("The answer is 1,200.50 dollars", "1200.5")]
    [TestCase("First 3, then 4, so answer: 7. Check: 3", "7")]
    [TestCase("3 apples and 4 pears", null)]
    [TestCase("-5", "-5")]
    [TestCase("from 3-5", null)]
    [TestCase("minus zero: -0.0", "0")]
    [TestCase("007", "7")]
    [TestCase("0.50", "0.5")]
    [TestCase("+12", "12")]
    [TestCase("1,2", "1.2")]
    [TestCase("12345678901234567890123456789012345.1", "12345678901234567890123456789012345.1")]
    [TestCase("none at all", null)]
    [TestCase(@"So we get \boxed{\frac{3}{4}}.", "0.75")]
    [TestCase(@"\dfrac{-2}{6}", "-1/3")]
    [TestCase(@"\boxed{1{,}200} of 5", "1200")]
    [TestCase("the answer is 3/4 of it", "0.75")]
    [TestCase("1 1/2 cups", "1.5")]
    [TestCase("1/0", null)]
    [TestCase("about 1.5e3", "1500")]
    [TestCase(@"6.02 \times 10^{23}", "602000000000000000000000")]
    [TestCase("2 × 10^-3", "0.002")]
    [TestCase("3 million people", "3000000")]
    [TestCase("$3M", "3000000")]
    [TestCase("3m", "3")]
    [TestCase("12k", "12000")]
    [TestCase("12 km", "12")]
    [TestCase("인구는 5만 명", "50000")]
    [TestCase("정답은 7입니다", "7")]
    [TestCase("version 1.2.3", null)]
    [TestCase("-$5", "-5")]
    [TestCase("−5", "-5")]
    [TestCase("1e999999999", null)]
    public void Number_IsReadAndWrittenInOneWay(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [Test]
    public void Number_NeverMergesDifferentNumbers() => Gen.Select(Gen.Decimal[-1_000_000m, 1_000_000m], Gen.Decimal[-1_000_000m, 1_000_000m]).Sample((left, right) =>
    {
        string Text(decimal value) => string.Create(CultureInfo.InvariantCulture, $"The answer is {value}");
        return (left == right) == (BallotNormalizer.Number.Read(Text(left)) == BallotNormalizer.Number.Read(Text(right)));
    });

    [Test]
    public void Number_WrittenInOtherWays_IsTheSameChoice() => Gen.Select(Gen.Int[-99_999, 99_999], Gen.Int[1, 999]).Sample((above, below) =>
    {
        string? Read(string text) => BallotNormalizer.Number.Read(text);
        string? plain = Read($"{above}/{below}");
        return plain == Read($@"\boxed{{\frac{{{above}}}{{{below}}}}}") && plain == Read($"The answer is {above * 2}/{below * 2}.")
            && (above % below != 0 || plain == Read($"{above / below}.00"));
    });

    [Test]
    public void Number_DifferentFractions_AreDifferentChoices() => Gen.Select(Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Int[1, 60]).Sample((a, b, c, d) =>
        (a * d == b * c) == (BallotNormalizer.Number.Read($"{a}/{b}") == BallotNormalizer.Number.Read($"{c}/{d}")));

    [TestCase("2 km", "2000 m")]
    [TestCase("2000m", "2000 m")]
    [TestCase("2", "2")]
    [TestCase("1.5 hours", "5400 s")]
    [TestCase("90 min", "5400 s")]
    [TestCase("the answer: 50%", "50 %")]
    [TestCase("50 percent", "50 %")]
    [TestCase("3 apples", "3 apple")]
    [TestCase("250 mg", "0.25 g")]
    [TestCase("20 °C", "20 °C")]
    [TestCase("heavy", null)]
    public void Quantity_IsReadInItsBaseUnit(string answer, string? expected) => Assert.That(BallotNormalizer.Quantity.Read(answer), Is.EqualTo(expected));

    [TestCase("2026-03-05", "2026-03-05")]
    [TestCase("It was on March 5th, 2026.", "2026-03-05")]
    [TestCase("5 Mar. 2026", "2026-03-05")]
    [TestCase("the 5th of march 2026", "2026-03-05")]
    [TestCase("2026년 3월 5일입니다", "2026-03-05")]
    [TestCase("2026.3.5", "2026-03-05")]
    [TestCase("25/12/2026", "2026-12-25")]
    [TestCase("12/25/2026", "2026-12-25")]
    [TestCase("3/5/2026", null)]
    [TestCase("3/3/2026", "2026-03-03")]
    [TestCase("2026-02-30", null)]
    [TestCase("31 February 2026", null)]
    [TestCase("answer: 2026-01-02, not 2025-01-02", "2026-01-02")]
    [TestCase("192.168.10.2024", null)]
    [TestCase("soon", null)]
    [TestCase("Marble 5 2026", null)]
    [TestCase("Decide 5 2026", null)]
    [TestCase("5 mayors 2026", null)]
    [TestCase("5 march 2026", "2026-03-05")]
    [TestCase("Sept 5, 2026", "2026-09-05")]
    [TestCase("2026. 3. 5.", "2026-03-05")]
    [TestCase("2026. 3. 5", "2026-03-05")]
    [TestCase("2026년3월5일", "2026-03-05")]
    [TestCase("2026년 3월 5일", "2026-03-05")]
    [TestCase("03/04/2026", null)]
    [TestCase("It was not on 2026-03-05", null)]
    [TestCase("2026-03-05 or 2026-03-06", null)]
    [TestCase("2026-03-05 to 2026-03-06", null)]
    [TestCase("1 or 2 March 2026", null)]
    [TestCase("1st and 2nd March 2026", null)]
    [TestCase("1–2 March 2026", null)]
    [TestCase("1-2 March 2026", null)]
    [TestCase("March 1 or 2, 2026", null)]
    [TestCase("between 2026-03-01 and 2026-03-05", null)]
    [TestCase("2026-03-01, 2026-03-05", null)]
    [TestCase("from March 1, 2026 to March 5, 2026", null)]
    [TestCase("2026년 3월 5일 또는 6일", null)]
    [TestCase("2026년 3월 5일부터 6일까지", null)]
    [TestCase("2026-03-05 and 3 others", null)]
    [TestCase("2026-03-05 at 12:30", "2026-03-05")]
    [TestCase("On 5 March 2026, 12 people came", "2026-03-05")]
    [TestCase("In chapter 1, 5 March 2026", null)]
    public void Date_IsReadUnlessItCouldBeTwo(string answer, string? expected) => Assert.That(BallotNormalizer.Date.Read(answer), Is.EqualTo(expected));

    [TestCase(true, "2026-05-03")]
    [TestCase(false, "2026-03-05")]
    public void Date_InTheOrderThatIsTold(bool dayFirst, string expected) => Assert.That(BallotNormalizer.ForDates(dayFirst).Read("3/5/2026"), Is.EqualTo(expected));

    [TestCase("B", "B")]
    [TestCase("b.", "B")]
    [TestCase("(B)", "B")]
    [TestCase("B) Paris", "B")]
    [TestCase("**C**", "C")]
    [TestCase("The answer is B.", "B")]
    [TestCase("Answer: (d) because of c", "D")]
    [TestCase(@"\boxed{C}", "C")]
    [TestCase(@"\boxed{\text{C}}", "C")]
    [TestCase("정답은 D입니다", "D")]
    [TestCase("정답: D", "D")]
    [TestCase("I choose option B", "B")]
    [TestCase("Either (A) or (B)", null)]
    [TestCase("not (A)", null)]
    [TestCase("neither A nor B", null)]
    [TestCase("neither (A) nor (A)", null)]
    [TestCase("It isn't option B", null)]
    [TestCase("(A) is wrong", null)]
    [TestCase("The answer is not A", null)]
    [TestCase("The answer is A or B", null)]
    [TestCase("A or B", null)]
    [TestCase("The answer is A, I think", "A")]
    [TestCase("A good question!", null)]
    [TestCase("The answer is a bit long", null)]
    [TestCase("The answer is A good one", null)]
    [TestCase("Z", null)]
    [TestCase("E", null)]
    [TestCase("I think it's B", "B")]
    [TestCase("I think it's B.", "B")]
    [TestCase("I choose B.", "B")]
    [TestCase("I choose **B**.", "B")]
    [TestCase("I choose B, because of Paris", "B")]
    [TestCase("I choose A, B", null)]
    [TestCase("I choose A or B", null)]
    [TestCase("I wouldn't choose B.", null)]
    [TestCase("It is not B.", null)]
    [TestCase("The answer is not A, it is B", "B")]
    [TestCase("The answer is not A. It is B.", "B")]
    [TestCase("It's A good question", null)]
    [TestCase("It's a", null)]
    [TestCase("Ｂ", "B")]
    [TestCase("（Ｂ）", "B")]
    [TestCase("B를 선택합니다", "B")]
    [TestCase("나는 B를 선택", "B")]
    [TestCase("B가 정답입니다", "B")]
    [TestCase("B가 정답이 아니다", null)]
    [TestCase("A가 아니라 B입니다", "B")]
    [TestCase("I think it's B. I choose C.", null)]
    public void Letters_AreReadButArticlesAreNot(string answer, string? expected) => Assert.That(BallotNormalizer.ForLetters(4).Read(answer), Is.EqualTo(expected));

    [TestCase("Yes", "yes")]
    [TestCase("yes, it is", "yes")]
    [TestCase("**No.** It is not.", "no")]
    [TestCase("\"yes\"", "yes")]
    [TestCase("I would say yes.", "yes")]
    [TestCase("The answer is no.", "no")]
    [TestCase("no doubt, yes", null)]
    [TestCase("It is not a yes", null)]
    [TestCase("yes and no", null)]
    [TestCase("True", "yes")]
    [TestCase("네, 맞습니다.", "yes")]
    [TestCase("아니요.", "no")]
    [TestCase("예", "yes")]
    [TestCase("예를 들어 봅시다", null)]
    [TestCase("maybe", null)]
    [TestCase("네, 아닙니다", null)]
    [TestCase("Yes? No.", null)]
    [TestCase("Yes. No.", null)]
    [TestCase("Yes, it is not.", null)]
    [TestCase("Yes. Wait, actually no.", "no")]
    [TestCase("Yes. Correction: no.", "no")]
    [TestCase("No. Yes, that was a joke. No.", null)]
    [TestCase("아뇨", "no")]
    [TestCase("응", "yes")]
    [TestCase("응.", "yes")]
    [TestCase("맞다", "yes")]
    [TestCase("맞아요", "yes")]
    [TestCase("아니다", "no")]
    [TestCase("아니에요", "no")]
    [TestCase("그렇다", "yes")]
    [TestCase("그렇지 않다", "no")]
    [TestCase("아니요, 그렇지 않습니다.", "no")]
    [TestCase("맞지 않다", "no")]
    [TestCase("not true", null)]
    public void YesNo_InEnglishAndKorean(string answer, string? expected) => Assert.That(BallotNormalizer.YesNo.Read(answer), Is.EqualTo(expected));

    [TestCase("```csharp\r\nint x = 1;  \r\n\r\n```", "int x = 1;")]
    [TestCase("Here:\n```\n    a\n      b\n```\nDone.", "a\n  b")]
    [TestCase("first ```x``` then ```y```", "y")]
    [TestCase("if a:\n\n\tb", "if a:\n\n\tb")]
    [TestCase("``` never closed", "``` never closed")]
    [TestCase(" \n ", null)]
    public void Code_IsTheLastBlock(string answer, string? expected) => Assert.That(BallotNormalizer.Code.Read(answer), Is.EqualTo(expected));

    [TestCase("""{"b": 1.0, "a": [2, 1]}""", """{"a":[2,1],"b":1}""")]
    [TestCase("```json\n{ \"a\": 1e1 }\n```", """{"a":10}""")]
    [TestCase("""{"a":1,"a":2}""", null)]
    [TestCase("""{"a":""", null)]
    [TestCase("0.10", "0.1")]
    [TestCase("not json", null)]
    public void Json_IsWrittenInOneWay(string answer, string? expected) => Assert.That(BallotNormalizer.Json.Read(answer), Is.EqualTo(expected));

    [TestCase(" a B ", "a B")]
    [TestCase("  ", null)]
    public void Exact_TakesTheAnswerAsItIs(string answer, string? expected) => Assert.That(BallotNormalizer.Exact.Read(answer), Is.EqualTo(expected));

    [Test]
    public void EveryNormalizer_SurvivesAnyText()
    {
        IBallotNormalizer[] all =
        [
            BallotNormalizer.Exact, BallotNormalizer.Number, BallotNormalizer.Quantity, BallotNormalizer.Date, BallotNormalizer.ForDates(true), BallotNormalizer.YesNo,
            BallotNormalizer.Code, BallotNormalizer.Json, BallotNormalizer.ForLetters(5), BallotNormalizer.ShortAnswer, Teams,
        ];
        string[] pieces = ["answer", " is ", "1", "23", ",456", ".", "/", "-", "\\frac{", "\\boxed{", "}", "{", "e", "×10^", "```", "\n", "yes", "(B)", "2026-", "년", "\"", "\ud800", " ", "[", "정답", "%"];
        Gen.OneOf(Gen.String, Gen.Int[0, pieces.Length - 1].Array[0, 24].Select(picks => string.Concat(picks.Select(i => pieces[i])))).Sample(text =>
            all.All(normalizer => normalizer.Read(text) is not { Length: 0 }), iter: 20_000);
    }

    [TestCase("The Seoul!", "seoul")]
    [TestCase("  new   YORK ", "new york")]
    [TestCase("서울입니다.", "서울입니다")]
    [TestCase("Ｓｅｏｕｌ", "seoul")]
    [TestCase("3.5 km", "3.5 km")]
    [TestCase("-4", "-4")]
    [TestCase("U.S.A.", "u s a")]
    [TestCase("C", "c")]
    [TestCase("C++", "c++")]
    [TestCase("C#", "c#")]
    [TestCase("A+", "a+")]
    [TestCase("A-", "a-")]
    [TestCase(".NET", ".net")]
    [TestCase("50%", "50%")]
    [TestCase("50 %", "50%")]
    [TestCase("50", "50")]
    [TestCase("1/2", "1/2")]
    [TestCase("1-2", "1-2")]
    [TestCase("1½", "1 1/2")]
    [TestCase("10²", "10^2")]
    [TestCase("10⁻¹²", "10^-12")]
    [TestCase("101₂", "101_2")]
    [TestCase("-5", "-5")]
    [TestCase("−5", "-5")]
    [TestCase("**-5**", "-5")]
    [TestCase("(-5)", "-5")]
    [TestCase("- 5", "- 5")]
    [TestCase("-x", "-x")]
    [TestCase("5", "5")]
    [TestCase("3.14", "3.14")]
    [TestCase("3,14", "3,14")]
    [TestCase(".5", ".5")]
    [TestCase("$5", "$5")]
    [TestCase("€5", "€5")]
    [TestCase("5!", "5!")]
    [TestCase("√5", "√5")]
    [TestCase("3:45", "3:45")]
    [TestCase("x < 5", "x < 5")]
    [TestCase("(1 + 2) * 3", "(1 + 2) * 3")]
    [TestCase("Seoul (Korea)", "seoul korea")]
    [TestCase("New York - NY", "new york ny")]
    [TestCase("well-known", "well known")]
    [TestCase("H₂O", "h2o")]
    [TestCase("한글 NFD: 가", "한글 nfd 가")]
    [TestCase("...", null)]
    [TestCase("!p", "!p")]
    [TestCase("p", "p")]
    [TestCase("p!", "p")]
    [TestCase("¬p", "¬p")]
    [TestCase("a|b", "a|b")]
    [TestCase("a&b", "a&b")]
    [TestCase("a && b", "a && b")]
    [TestCase("a || b", "a || b")]
    [TestCase("a b", "a b")]
    [TestCase("a cat", "cat")]
    [TestCase("foo_bar", "foo_bar")]
    [TestCase("_Paris_", "paris")]
    [TestCase("n==5", "n==5")]
    [TestCase("n = 5", "n = 5")]
    [TestCase("n != 5", "n != 5")]
    [TestCase("x <= y", "x <= y")]
    [TestCase("x -> y", "x -> y")]
    [TestCase("foo.bar", "foo.bar")]
    [TestCase("Paris. France", "paris france")]
    [TestCase("∞", "∞")]
    [TestCase("-∞", "-∞")]
    [TestCase("∅", "∅")]
    [TestCase("→", "→")]
    [TestCase("---", null)]
    [TestCase("x → ∞", "x → ∞")]
    [TestCase("| a |", "a")]
    [TestCase("Yes!", "yes")]
    [TestCase("!!", null)]
    [TestCase("R&D", "r&d")]
    [TestCase("rock & roll", "rock roll")]
    [TestCase("[1,2]", "[1,2]")]
    [TestCase("[1, 2]", "[1,2]")]
    [TestCase("(1,2)", "(1,2)")]
    [TestCase("{1,2}", "{1,2}")]
    [TestCase("1,2", "1,2")]
    [TestCase("(a, b]", "(a,b]")]
    [TestCase("[a, b).", "[a,b)")]
    [TestCase("a, b", "a b")]
    [TestCase("(-∞, 0]", "(-∞,0]")]
    [TestCase("[0, 1) ∪ (2, 3]", "[0,1)∪(2,3]")]
    [TestCase("(Paris, France)", "paris france")]
    [TestCase("--x", "--x")]
    [TestCase("`*p`", "*p")]
    [TestCase("&p", "&p")]
    [TestCase("*p*", "p")]
    [TestCase("x--", "x--")]
    [TestCase("**p**", "p")]
    public void ShortAnswer_IgnoresCaseSpaceAndPunctuation(string answer, string? expected) => Assert.That(BallotNormalizer.ShortAnswer.Read(answer), Is.EqualTo(expected));

    [Test]
    public void Normalizers_NeverCrash_AndReadingTwiceChangesNothing() => Gen.String.Sample(text =>
    {
        string? once = BallotNormalizer.ShortAnswer.Read(text);
        _ = Teams.Read(text);
        string? number = BallotNormalizer.Number.Read(text);
        return number is null || BallotNormalizer.Number.Read(number) == number ? once is null || once.Length > 0 : throw new InvalidOperationException(number);
    });

    [Test]
    public void Delegate_ReadsAsTheApplicationSays() => Assert.That(BallotNormalizer.From(text => text[..1]).Read("xyz"), Is.EqualTo("x"));

    [Test]
    public void Choices_ThatCannotBeVotedOver_AreRefused()
    {
        Assert.Multiple(() =>
        {
            Assert.That(() => BallotNormalizer.ForChoices(["a"]), Throws.ArgumentException);
            Assert.That(() => BallotNormalizer.ForChoices(["a", "A"]), Throws.ArgumentException);
            Assert.That(() => BallotNormalizer.ForChoices(["a", " "]), Throws.ArgumentException);
            Assert.That(() => new PanelOptions { Choices = ["a", "b"], Normalizer = BallotNormalizer.Number }.Validate(), Throws.ArgumentException);
        });
    }
}
