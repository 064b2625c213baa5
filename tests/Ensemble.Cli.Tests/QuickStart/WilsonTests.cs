using CsCheck;
using QuickStart.Bagging;

namespace Ensemble.Cli.Tests.QuickStart;

public class WilsonTests
{
    // Newcombe, Statistics in Medicine 17 (1998) 857-872, table I, method 3 (score method without continuity correction).
    [TestCase(81, 263, 0.2553, 0.3662)]
    [TestCase(15, 148, 0.0624, 0.1605)]
    [TestCase(0, 20, 0.0000, 0.1611)]
    [TestCase(1, 29, 0.0061, 0.1718)]
    public void Interval_IsThatOfThePublishedTable(int right, int count, double low, double high)
    {
        (double actualLow, double actualHigh) = Wilson.Interval((double)right / count, count);
        Assert.That(actualLow, Is.EqualTo(low).Within(0.00006));
        Assert.That(actualHigh, Is.EqualTo(high).Within(0.00006));
    }

    [Test]
    public void Interval_HoldsTheShareAndStaysWithinZeroAndOne() => Gen.Select(Gen.Double[0, 1], Gen.Int[1, 10_000]).Sample((share, count) =>
    {
        (double low, double high) = Wilson.Interval(share, count);
        return low >= -1e-12 && low <= share + 1e-12 && high >= share - 1e-12 && high <= 1 + 1e-12;
    });
}
