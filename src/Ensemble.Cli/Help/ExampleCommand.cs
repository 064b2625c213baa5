using System.CommandLine;

namespace Ensemble.Cli;

/// <summary>A command whose help ends with examples.</summary>
internal sealed class ExampleCommand(string name, string description) : Command(name, description)
{
    /// <summary>Gets the examples in the order they are printed.</summary>
    public IReadOnlyList<Example> Examples { get; init; } = [];

    /// <summary>Gets a text that stands after the examples.</summary>
    public string? Epilogue { get; init; }
}
