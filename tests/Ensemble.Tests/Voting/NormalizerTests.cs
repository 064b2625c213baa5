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
    [TestCase("not billing but account", null)]
    [TestCase("rebilling", null)]
    [TestCase("shipping", null)]
    [TestCase("", null)]
    [TestCase("{broken", null)]
    public void Choices_ReadExactlyOne(string answer, string? expected) => Assert.That(Teams.Read(answer), Is.EqualTo(expected));

    [TestCase("42", "42")]
    [TestCase("The answer is 1,200.50 dollars", "1200.5")]
    [TestCase("First 3, then 4, so answer: 7. Check: 3", "7")]
    [TestCase("3 apples and 4 pears", "4")]
    [TestCase("-5", "-5")]
    [TestCase("from 3-5", "5")]
    [TestCase("minus zero: -0.0", "0")]
    [TestCase("007", "7")]
    [TestCase("0.50", "0.5")]
    [TestCase("+12", "12")]
    [TestCase("1,2", "2")]
    [TestCase("12345678901234567890123456789012345.1", "12345678901234567890123456789012345.1")]
    [TestCase("none at all", null)]
    public void Number_IsReadAndWrittenInOneWay(string answer, string? expected) => Assert.That(BallotNormalizer.Number.Read(answer), Is.EqualTo(expected));

    [Test]
    public void Number_NeverMergesDifferentNumbers() => Gen.Select(Gen.Decimal[-1_000_000m, 1_000_000m], Gen.Decimal[-1_000_000m, 1_000_000m]).Sample((left, right) =>
    {
        string Text(decimal value) => string.Create(CultureInfo.InvariantCulture, $"The answer is {value}");
        return (left == right) == (BallotNormalizer.Number.Read(Text(left)) == BallotNormalizer.Number.Read(Text(right)));
    });

    [TestCase("The Seoul!", "seoul")]
    [TestCase("  new   YORK ", "new york")]
    [TestCase("서울입니다.", "서울입니다")]
    [TestCase("Ｓｅｏｕｌ", "seoul")]
    [TestCase("3.5 km", "3.5 km")]
    [TestCase("-4", "-4")]
    [TestCase("U.S.A.", "u s a")]
    [TestCase("...", null)]
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
