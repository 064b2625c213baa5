namespace Ensemble.Onnx;

/// <summary>The probability that a logit stands for, 1 / (1 + exp(-x)), computed so that neither end overflows.</summary>
internal static class Sigmoid
{
    internal static double Of(double logit) => logit >= 0 ? 1 / (1 + Math.Exp(-logit)) : Math.Exp(logit) / (1 + Math.Exp(logit));

    /// <summary>The natural logarithm of the probability.</summary>
    internal static double Log(double logit) => Math.Min(logit, 0) - double.LogP1(Math.Exp(-Math.Abs(logit)));
}
