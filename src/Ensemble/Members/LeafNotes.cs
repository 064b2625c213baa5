using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a leaf has to say about its answer, for instance that an option was dropped. It stands in the additional properties of a
/// response or of a stream's update, as lines of text so that any response cache can keep it; it becomes the attempt's note.
/// </summary>
public static class LeafNotes
{
    /// <summary>The key under which the notes stand: one string, a note a line.</summary>
    public const string Key = "ensemble.notes";

    /// <summary>Reads the notes.</summary>
    /// <param name="properties">The additional properties of a response or an update.</param>
    /// <returns>The notes in one string; <see langword="null"/> when there is none.</returns>
    public static string? Read(AdditionalPropertiesDictionary? properties) =>
        properties is not null && properties.TryGetValue(Key, out object? value) ? value?.ToString() : null;
}
