namespace Ensemble.Models;

/// <summary>Names the model that this package brings: multilingual-e5-small, sentence embeddings of 384 dimensions for the CPU.</summary>
public static class E5Small
{
    /// <summary>The name to write under <c>Model</c> in the configuration.</summary>
    public const string Name = "multilingual-e5-small-int4";

    /// <summary>Gets the folder beside the application in which the build put the model's files.</summary>
    public static string Folder => Path.Combine(AppContext.BaseDirectory, "models", Name);
}
