namespace Ensemble;

/// <summary>Several detectors as one: what any of them finds is found.</summary>
internal sealed class SensitiveTextDetectors
{
    private readonly SensitiveTextDetector[] _all;

    private SensitiveTextDetectors(SensitiveTextDetector[] all) => _all = all;

    /// <summary>Returns a detector that finds what any of those finds, each asked once; <see langword="null"/> when there are none.</summary>
    public static SensitiveTextDetector? Together(params IEnumerable<SensitiveTextDetector?> detectors) => detectors.OfType<SensitiveTextDetector>().SelectMany(Parts).Distinct().ToArray() switch
    {
        [] => null,
        [var only] => only,
        var all => new SensitiveTextDetectors(all).Ask,
    };

    /// <summary>Returns a detector that finds what both find: the first itself when the other finds nothing more.</summary>
    public static SensitiveTextDetector? Together(SensitiveTextDetector? first, SensitiveTextDetector? other) =>
        other is null || ReferenceEquals(first, other) ? first
        : first is null ? other
        : !Parts(other).Except(Parts(first)).Any() ? first
        : Together([first, other]);

    private static SensitiveTextDetector[] Parts(SensitiveTextDetector detector) => detector.Target is SensitiveTextDetectors several ? several._all : [detector];

    private SensitiveData Ask(ReadOnlySpan<char> text)
    {
        SensitiveData found = SensitiveData.None;
        foreach (SensitiveTextDetector detector in _all)
        {
            found |= detector(text);
        }

        return found;
    }
}
