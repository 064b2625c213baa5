namespace Ensemble.Cli;

/// <summary>Why the price of a model cannot be relied on.</summary>
/// <param name="Model">The name of the model or of its deployment.</param>
/// <param name="Problem">The reason, with the fix.</param>
internal sealed record PriceFinding(string Model, string Problem);
