namespace Ensemble.Cli;

/// <summary>One line of a command's help that shows how the command is used.</summary>
/// <param name="CommandLine">What to type.</param>
/// <param name="Purpose">What it is good for.</param>
internal sealed record Example(string CommandLine, string Purpose);
