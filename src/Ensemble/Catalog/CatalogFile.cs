namespace Ensemble;

/// <summary>A catalog as a file: the models, and the lists of languages that they refer to by name.</summary>
internal sealed class CatalogFile
{
    // Settable, not init: generated code would write null over the default of an init property that the file leaves out.
    public Dictionary<string, string[]> Languages { get; set; } = [];

    public CatalogRow[] Models { get; set; } = [];
}
