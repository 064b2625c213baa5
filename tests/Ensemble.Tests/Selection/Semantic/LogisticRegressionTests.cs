using CsCheck;

namespace Ensemble.Tests.Selection.Semantic;

public sealed class LogisticRegressionTests
{
    private static readonly Gen<(double[][] Rows, int[] Labels)> Problems =
        Gen.Double[-2, 2].Array[4].Array[6, 20].Select(Gen.Int[0, 2].Array[20], (rows, labels) => (rows, labels[..rows.Length]));

    [Test]
    public void Evaluate_AnyPoint_HasTheGradientOfItsLoss() =>
        Gen.Select(Problems, Gen.Double[-1, 1].Array[15]).Sample((problem, point) =>
        {
            LogisticObjective objective = new(problem.Rows, problem.Labels, 3, 10);
            double[] gradient = new double[15];
            objective.Evaluate(point, gradient);
            double[] ignored = new double[15];
            for (int i = 0; i < point.Length; i++)
            {
                double[] more = [.. point];
                double[] less = [.. point];
                more[i] += 1e-5;
                less[i] -= 1e-5;
                double slope = (objective.Evaluate(more, ignored) - objective.Evaluate(less, ignored)) / 2e-5;
                Assert.That(gradient[i], Is.EqualTo(slope).Within(1e-5 * (1 + Math.Abs(slope))));
            }
        }, iter: 50);

    [Test]
    public void Fit_AnyRows_LeavesNoDirectionThatLowersTheLoss() =>
        Problems.Sample(problem =>
        {
            LogisticObjective objective = new(problem.Rows, problem.Labels, 3, 10);
            double[] parameters = Lbfgs.Minimise(objective.Evaluate, 15);
            double[] gradient = new double[15];
            objective.Evaluate(parameters, gradient);

            Assert.That(gradient.Max(Math.Abs), Is.LessThan(1e-4));
        }, iter: 50);

    [Test]
    public void Fit_ClassesRenamed_RenamesTheProbabilities() =>
        Problems.Sample(problem =>
        {
            int[] renamed = [.. problem.Labels.Select(l => (l + 1) % 3)];
            double[] first = [.. Predict(LogisticRegression.Fit(problem.Rows, problem.Labels, 3), problem.Rows[0]).Select(Math.Exp)];
            double[] second = [.. Predict(LogisticRegression.Fit(problem.Rows, renamed, 3), problem.Rows[0]).Select(Math.Exp)];

            Assert.That(new[] { second[1], second[2], second[0] }, Is.EqualTo(first).Within(1e-3));
        }, iter: 50);

    [Test]
    public void Fit_Twice_GivesTheSameBits() =>
        Problems.Sample(problem => Assert.That(
            Predict(LogisticRegression.Fit(problem.Rows, problem.Labels, 3), problem.Rows[0]),
            Is.EqualTo(Predict(LogisticRegression.Fit(problem.Rows, problem.Labels, 3), problem.Rows[0]))), iter: 20);

    [Test]
    public void Fit_RowsThatAClassSeparates_FindsTheClassWithProbabilitiesThatSumToOne()
    {
        double[][] rows = [[-1, 0], [-1.2, 0.1], [1, 0], [1.1, -0.1]];
        double[] probabilities = [.. Predict(LogisticRegression.Fit(rows, [0, 0, 1, 1], 2), [1.05, 0]).Select(Math.Exp)];

        Assert.That(probabilities[1], Is.GreaterThan(0.9));
        Assert.That(probabilities.Sum(), Is.EqualTo(1).Within(1e-12));
    }

    private static double[] Predict(LogisticRegression regression, double[] row)
    {
        double[] result = new double[regression.Classes];
        regression.LogProbabilities(row, result);
        return result;
    }
}
