namespace Ensemble.Models;

/// <summary>Names the model that this package brings: SmolLM2-135M-Instruct, a small English chat model for the CPU.</summary>
public static class SmolLM2
{
    /// <summary>The name to write under <c>Model</c> in the configuration.</summary>
    public const string Name = "smollm2-135m-instruct";

    /// <summary>Gets the folder beside the application in which the build put the model's files.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", Name);
}
