using CsCheck;

namespace Ensemble.Tests;

public class BaggingMathTests
{
    private static readonly Gen<double[]> Row = Gen.Double[-30, 0].Array[2, 6];

    [Test]
    public void Normalize_EqualScores_AreEqualProbabilities() =>
        Assert.That(BaggingMath.Normalize([-7, -7]), Is.EqualTo(new[] { -Math.Log(2), -Math.Log(2) }).Within(1e-12));

    [Test]
    public void Normalize_AlwaysSumsToOne_AndKeepsDifferences() => Row.Sample(row =>
    {
        double[] normalized = BaggingMath.Normalize(row);
        return Math.Abs(normalized.Sum(Math.Exp) - 1) < 1e-9
            && Math.Abs((normalized[0] - normalized[1]) - (row[0] - row[1])) < 1e-9;
    });

    [Test]
    public void Center_CountsEachLabelTheSame_HoweverManyRowsItHas()
    {
        // Label 0 has three rows with mean (-1, -3), label 1 one row (-5, -1): the centre is the mean of the two means.
        double[] center = BaggingMath.Center([[-1, -3], [-2, -2], [0, -4], [-5, -1]], [0, 0, 0, 1], 2);
        Assert.That(center, Is.EqualTo(new[] { -3.0, -2.0 }).Within(1e-12));
    }

    [Test]
    public void Calibrate_TakesAHabitOff_SoThatTheEvidenceDecides()
    {
        // The voter always leans to label 0 by 2; this text leans to it by 1 only, which speaks for label 1.
        double[] calibrated = BaggingMath.Calibrate([-1, -2], [-1, -3]);
        Assert.Multiple(() =>
        {
            Assert.That(BaggingMath.Best(calibrated), Is.EqualTo(1));
            Assert.That(BaggingMath.Lead(calibrated), Is.EqualTo(1).Within(1e-12));
        });
    }

    [Test]
    public void Calibrate_IsBlindToAConstantHabit() => Gen.Select(Gen.Double[-30, 0].Array[3], Gen.Double[-30, 0].Array[3], Gen.Double[-5, 5].Array[3]).Sample((row, center, habit) =>
    {
        double[] plain = BaggingMath.Calibrate(row, center);
        double[] shifted = BaggingMath.Calibrate([.. row.Zip(habit, (x, h) => x + h)], [.. center.Zip(habit, (c, h) => c + h)]);
        return plain.Zip(shifted).All(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
    });

    [Test]
    public void Mean_DoesNotDependOnTheOrderOfVoters() => Gen.Double[-30, 0].Array[3].List[1, 9].Sample(rows =>
    {
        double[] forward = BaggingMath.Mean(rows);
        double[] backward = BaggingMath.Mean([.. Enumerable.Reverse(rows)]);
        return forward.Zip(backward).All(pair => Math.Abs(pair.First - pair.Second) < 1e-9);
    });

    // Wilson's intervals as the reference tables have them.
    [TestCase(10, 12, 0.552, 0.953)]
    [TestCase(0, 10, 0.0, 0.278)]
    [TestCase(10, 10, 0.722, 1.0)]
    [TestCase(50, 100, 0.404, 0.596)]
    public void Accuracy_OfCount_HasWilsonsInterval(int right, int total, double low, double high)
    {
        Accuracy accuracy = Accuracy.OfCount(right, total);
        Assert.Multiple(() =>
        {
            Assert.That(accuracy.Value, Is.EqualTo((double)right / total));
            Assert.That(accuracy.Low, Is.EqualTo(low).Within(0.001));
            Assert.That(accuracy.High, Is.EqualTo(high).Within(0.001));
        });
    }

    [Test]
    public void Accuracy_OfAFewScores_IsNotCertain()
    {
        Accuracy one = Accuracy.OfScores([0.744]), none = Accuracy.OfScores([1, 1, 1]), counted = Accuracy.OfCount(3, 3);
        Assert.That((one.Value, one.High - one.Low > 0.6), Is.EqualTo((0.744, true)));
        Assert.That((none.Low, none.High), Is.EqualTo((counted.Low, counted.High)));
    }

    [Test]
    public void Accuracy_OfScores_HoldsTheMean_AndRepeatsForTheSameSeed() => Gen.Double[0, 1].Array[1, 40].Sample(scores =>
    {
        Accuracy first = Accuracy.OfScores(scores, seed: 3), second = Accuracy.OfScores(scores, seed: 3);
        return first.Low <= first.Value + 1e-9 && first.Value <= first.High + 1e-9 && first.Low.Equals(second.Low) && first.High.Equals(second.High);
    }, iter: 50);
}
