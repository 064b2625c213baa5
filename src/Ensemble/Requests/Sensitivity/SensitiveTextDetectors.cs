namespace Ensemble;

/// <summary>Makes one detector of several: what any of them finds is found.</summary>
internal static class SensitiveTextDetectors
{
    /// <summary>Returns a detector that finds what any of those finds; <see langword="null"/> when there are none.</summary>
    public static SensitiveTextDetector? Together(params IEnumerable<SensitiveTextDetector?> detectors) => detectors.OfType<SensitiveTextDetector>().ToArray() switch
    {
        [] => null,
        [var only] => only,
        var all => text => Ask(all, text),
    };

    private static SensitiveData Ask(SensitiveTextDetector[] detectors, ReadOnlySpan<char> text)
    {
        SensitiveData found = SensitiveData.None;
        foreach (SensitiveTextDetector detector in detectors)
        {
            found |= detector(text);
        }

        return found;
    }
}
