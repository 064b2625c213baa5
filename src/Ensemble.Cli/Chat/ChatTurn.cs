namespace Ensemble.Cli;

/// <summary>One message of a saved conversation.</summary>
/// <param name="Role">Who speaks: <c>system</c>, <c>user</c> or <c>assistant</c>.</param>
/// <param name="Text">What is said.</param>
internal sealed record ChatTurn(string Role, string Text);
