using System.Globalization;
using CsCheck;

namespace Ensemble.Tests;

/// <summary>Numbers within what is said about them, and numbers in words. <see langword="null"/> is no ballot: there is no certain reading.</summary>
public class NumberProseTests
{
    [TestCase("1 in 5", null)]
    [TestCase("The answer is 1 in 5.", null)]
    [TestCase("one in five", null)]
    [TestCase("12 in two days", null)]
    [TestCase("5 bn", "5000000000")]
    [TestCase("5bn", "5000000000")]
    [TestCase("3 mn", "3000000")]
    [TestCase("5 k", null)]
    [TestCase("5 b", null)]
    [TestCase("5k", "5000")]
    [TestCase("2 dozen", "24")]
    [TestCase("half a dozen", "6")]
    [TestCase("a dozen eggs", "12")]
    [TestCase("3 dozens", "36")]
    [TestCase("5할", null)]
    [TestCase("5할입니다", null)]
    [TestCase("0.3̅", null)]
    public void Ratios_Scales_AndDozens(string answer, string? expected) => Check(answer, expected);

    [TestCase("12 (confidence: 90%)", "12")]
    [TestCase("**12** (I checked 3 times).", "12")]
    [TestCase("12 apples (3 per box)", "12")]
    [TestCase("2 m (200 cm)", "2")]
    [TestCase("5 (or 6)", null)]
    [TestCase("5 (±1)", null)]
    [TestCase("2 (5)", null)]
    [TestCase("5 (not 6)", "5")]
    [TestCase("The answer: 18 (not 17)", "18")]
    [TestCase("The answer is 12 (confidence: 90%)", "12")]
    [TestCase("The total (which is 12)", "12")]
    [TestCase("We need 12 of them (3 per box)", null)]
    public void Remarks_InBrackets_AreNotTheAnswer(string answer, string? expected) => Check(answer, expected);

    [TestCase("f(5) = 3", "3")]
    [TestCase("**5** or **6**", null)]
    [TestCase("$x=5$ or $x=-5$", null)]
    [TestCase("x = 5 or x = -5", null)]
    [TestCase("x is 5 or x is -5", null)]
    [TestCase("5, or maybe it is 6", null)]
    [TestCase("2x = 10, x = 5", "5")]
    [TestCase("2x = 10, so x = 5", "5")]
    [TestCase("x = 5, y = 3", null)]
    [TestCase("$x=5$ and $y=3$", null)]
    [TestCase("The answer is x = 5, y = 3", null)]
    [TestCase("The answer is 5 and 7", null)]
    [TestCase("The answer is 5, 6, and 7", null)]
    [TestCase("5 apples and 3 pears", null)]
    [TestCase("(3, 4)", null)]
    [TestCase("First 3, then 4, so 5", "5")]
    [TestCase("In 2020, 15 people came", "15")]
    [TestCase("5개에서 7개", null)]
    [TestCase("5개 또는 7개", null)]
    [TestCase("10개 중 3개", null)]
    [TestCase("12시 30분", null)]
    [TestCase("3월 5일", null)]
    [TestCase("2026년 3월 5일", null)]
    [TestCase("5 min 30", null)]
    [TestCase("12시", null)]
    [TestCase("3 apples and two pears", null)]
    [TestCase("5 or six", null)]
    public void TwoNumbers_ThatSayOneThing_AreNone(string answer, string? expected) => Check(answer, expected);

    [TestCase("The answer is 5 apples.", "5")]
    [TestCase("5보다 크다", null)]
    [TestCase("5개보다 많다", null)]
    [TestCase("5개 이상", null)]
    [TestCase("5개이상", null)]
    [TestCase("5까지", null)]
    [TestCase("5 below zero", null)]
    [TestCase("5 degrees below zero", null)]
    [TestCase("The answer is 5 below zero", null)]
    [TestCase("five below zero", null)]
    [TestCase("1010 (binary)", null)]
    [TestCase("1010 in binary", null)]
    [TestCase("In binary, 5 is 101.", null)]
    [TestCase("이진수로 1010", null)]
    public void Bounds_AndOtherBases(string answer, string? expected) => Check(answer, expected);

    [TestCase("The answer is unknown. There are 12 months.", null)]
    [TestCase("The answer is below.\n12", "12")]
    [TestCase("정답은 다음과 같습니다.\n12", "12")]
    [TestCase("Step 1: add. Step 2: multiply.", null)]
    [TestCase("1. Add the numbers.\n2. Multiply them.", null)]
    [TestCase("1) Add.\n2) Multiply.\n3) Done.", null)]
    [TestCase("1. Add: 3 + 4 = 7\n2. Double: 14", "14")]
    [TestCase("1단계: 더한다. 2단계: 곱한다.", null)]
    [TestCase("Step 2 gives 12", "12")]
    [TestCase("5. That is all.", "5")]
    public void Statements_SayWhere_AndStepsAreNoAnswers(string answer, string? expected) => Check(answer, expected);

    [TestCase("5, not 6", "5")]
    [TestCase("5 not 6", "5")]
    [TestCase("not 5, not 6", null)]
    [TestCase("정답은 5가 아니라 6입니다", "6")]
    [TestCase("정답은 5가 아닙니다", null)]
    [TestCase("The answer is not 5 but 6.", "6")]
    [TestCase("The answer is not 5, it is 6.", "6")]
    [TestCase("The answer is not 5 or 6.", null)]
    public void Denials_LeaveTheOther(string answer, string? expected) => Check(answer, expected);

    [TestCase(@"1\frac12", "1.5")]
    [TestCase(@"1\frac{1}{2}", "1.5")]
    [TestCase(@"-1\frac12", "-1.5")]
    [TestCase(@"2\frac{3}{2}", null)]
    [TestCase(@"2 \frac{1}{2}", null)]
    public void MixedNumbers_InLatex(string answer, string? expected) => Check(answer, expected);

    [TestCase("five", "5")]
    [TestCase("Five.", "5")]
    [TestCase("The answer is five.", "5")]
    [TestCase("The answer is twenty-one", "21")]
    [TestCase("twenty one", "21")]
    [TestCase("half a million", "500000")]
    [TestCase("half a million people", "500000")]
    [TestCase("a million", "1000000")]
    [TestCase("a hundred and five", "105")]
    [TestCase("one hundred and twenty-three thousand four hundred and fifty-six", "123456")]
    [TestCase("three million two hundred thousand", "3200000")]
    [TestCase("twelve hundred", "1200")]
    [TestCase("two thousand and five", "2005")]
    [TestCase("two and a half", "2.5")]
    [TestCase("two thirds", "2/3")]
    [TestCase("three-quarters", "0.75")]
    [TestCase("one half", "0.5")]
    [TestCase("one third", "1/3")]
    [TestCase("two point five", "2.5")]
    [TestCase("minus five", "-5")]
    [TestCase("zero", "0")]
    [TestCase("five or six", null)]
    [TestCase("five to six", null)]
    [TestCase("five and seven", null)]
    [TestCase("five six", null)]
    [TestCase("twenty thirty", null)]
    [TestCase("nineteen ninety", null)]
    [TestCase("twenty-first", null)]
    [TestCase("at least five", null)]
    [TestCase("not five", null)]
    [TestCase("half of ten", null)]
    [TestCase("two million five million", null)]
    [TestCase("No one knows.", null)]
    [TestCase("The best one is Paris.", null)]
    [TestCase("one", "1")]
    [TestCase("The answer is one.", "1")]
    [TestCase("One of them.", null)]
    [TestCase("a two-step equation", null)]
    [TestCase("It's 12. I checked it two times.", "12")]
    [TestCase("The answer is 12, which has two digits", "12")]
    [TestCase("2 hundred and five", null)]
    public void EnglishWords_AreNumbers_UnlessTheyAreOtherWords(string answer, string? expected) => Check(answer, expected);

    [TestCase("삼백이십오", "325")]
    [TestCase("정답: 삼백이십오", "325")]
    [TestCase("정답은 삼백이십오입니다", "325")]
    [TestCase("십이", "12")]
    [TestCase("십이입니다", "12")]
    [TestCase("십이다", null)]
    [TestCase("십이 정답이다", null)]
    [TestCase("이십오다", "25")]
    [TestCase("이십", "20")]
    [TestCase("세 개", "3")]
    [TestCase("세 개입니다", "3")]
    [TestCase("사과는 세 개입니다.", "3")]
    [TestCase("스무 개", "20")]
    [TestCase("스물한 명", "21")]
    [TestCase("열두 개", "12")]
    [TestCase("오천원", "5000")]
    [TestCase("오천 원", "5000")]
    [TestCase("오천원입니다", "5000")]
    [TestCase("삼만 오천 원", "35000")]
    [TestCase("만 오십구", null)]
    [TestCase("일억 오천만 이백", "150000200")]
    [TestCase("이천만", "20000000")]
    [TestCase("오백만 일", null)]
    [TestCase("오백만 원", "5000000")]
    [TestCase("일억 이천만", "120000000")]
    [TestCase("이천", null)]
    [TestCase("이천원", "2000")]
    [TestCase("이천 원", "2000")]
    [TestCase("만일", null)]
    [TestCase("천사", null)]
    [TestCase("사이", null)]
    [TestCase("오이", null)]
    [TestCase("구조", null)]
    [TestCase("하나", "1")]
    [TestCase("정답은 하나입니다", "1")]
    [TestCase("그중 하나", null)]
    [TestCase("둘 다 맞다", null)]
    [TestCase("다섯", "5")]
    [TestCase("여덟입니다", "8")]
    [TestCase("네", null)]
    [TestCase("한 번 더", null)]
    [TestCase("두 개 또는 세 개", null)]
    [TestCase("세 개가 아니다", null)]
    [TestCase("세 개가 아니라 네 개", "4")]
    [TestCase("십이 아니다", null)]
    [TestCase("천만에요", null)]
    [TestCase("만", null)]
    public void KoreanWords_AreNumbers_UnlessTheyAreOtherWords(string answer, string? expected) => Check(answer, expected);

    [TestCase("2 m (200 cm)", "2 m")]
    [TestCase("five apples", "5 apple")]
    [TestCase("two hours", "7200 s")]
    [TestCase("five million dollars", "5000000 $")]
    [TestCase("오천원", "5000 원")]
    public void Quantities_InWords(string answer, string? expected) => CheckQuantity(answer, expected);

    [Test]
    public void SpelledNumbers_AreTheirValue_OrNoBallot() => Gen.Select(Gen.OneOf(Gen.Int[0, 120], Gen.Int[0, 99_999], Gen.Int[0, 99_999_999]), Gen.Int[0, 2]).Sample((number, way) =>
    {
        string expected = number.ToString(CultureInfo.InvariantCulture);
        string english = English(number, way);
        string korean = Korean(number, way == 1 ? " " : "");
        string? read = BallotNormalizer.Number.Read(way == 2 ? $"정답은 {korean}입니다" : korean);
        return BallotNormalizer.Number.Read(way == 2 ? $"The answer is {english}." : english) == expected && (read == expected || (read is null && (number < 100_000 || way == 1)));
    }, iter: 600);

    private static string English(int number, int way)
    {
        string[] small = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"];
        string[] tens = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"];
        string Rest(int rest, string joint) => rest == 0 ? "" : joint + English(rest, way);
        return number switch
        {
            < 20 => small[number],
            < 100 => tens[(number / 10) - 2] + Rest(number % 10, way == 0 ? " " : "-"),
            < 1000 => $"{small[number / 100]} hundred" + Rest(number % 100, way == 1 ? " and " : " "),
            < 1_000_000 => $"{English(number / 1000, way)} thousand" + Rest(number % 1000, " "),
            _ => $"{English(number / 1_000_000, way)} million" + Rest(number % 1_000_000, " "),
        };
    }

    private static string Korean(int number, string space)
    {
        if (number == 0)
        {
            return "0";
        }

        string Section(int part) => string.Concat(new[] { (1000, "천"), (100, "백"), (10, "십"), (1, "") }.Select(power =>
            part / power.Item1 % 10 is > 0 and var digit ? (digit == 1 && power.Item1 > 1 ? "" : "일이삼사오육칠팔구"[digit - 1].ToString()) + power.Item2 : ""));
        return (number >= 10_000 ? (number / 10_000 == 1 ? "" : Section(number / 10_000)) + "만" + (number % 10_000 == 0 ? "" : space) : "") + Section(number % 10_000);
    }

    private static void Check(string answer, string? expected)
    {
        string? read = BallotNormalizer.Number.Read(answer);
        Assert.That(read, Is.EqualTo(expected));
        Assert.That(read is null ? null : BallotNormalizer.Number.Read(read), Is.EqualTo(read), "what is written is read as itself");
    }

    private static void CheckQuantity(string answer, string? expected) => Assert.That(BallotNormalizer.Quantity.Read(answer), Is.EqualTo(expected));
}
