using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ensemble.Tokenization.Normalizing;

/// <summary>One of Unicode's normalization forms, in front of a vocabulary.</summary>
/// <remarks>
/// The forms of other characters than the settled ones come from the platform (ICU). A process with <c>InvariantGlobalization</c> has none: there such
/// text is refused, since the platform would silently leave it as it is.
/// </remarks>
internal sealed class TextNormalizer(NormalizationForm form)
{
    private const char NotACharacter = '\uFFFE';

    // Canonical class 0 and quick check "yes" (Unicode, UAX #15): before such a character no composition reaches across, and text of nothing else is
    // in the form already. These are so without asking the platform, which under InvariantGlobalization does not know.
    private static readonly (char First, char Last)[] KnownRanges =
    [
        ('\0', '\u02FF'), ('\u0391', '\u03A1'), ('\u03A3', '\u03CE'), ('\u0400', '\u0482'), ('\u048A', '\u052F'), ('\u05D0', '\u05EA'), ('\u0621', '\u063A'),
        ('\u0641', '\u064A'), ('\u0904', '\u0939'), ('\u0E01', '\u0E30'), ('\u0E40', '\u0E46'), ('\u1100', '\u1112'), ('\u1E00', '\u1E99'), ('\u1EA0', '\u1EF9'),
        ('\u2002', '\u2027'), ('\u2030', '\u205E'), ('\u20A0', '\u20BF'), ('\u2190', '\u22FF'), ('\u2500', '\u27BF'), ('\u3001', '\u3029'), ('\u3041', '\u3096'),
        ('\u30A1', '\u30FA'), ('\u3400', '\u4DBF'), ('\u4E00', '\u9FFF'), ('\uAC00', '\uD7A3'), ('\uFE00', '\uFE0F'), ('\uFF01', '\uFF5E'),
    ];

    // The first halves of pictographs and ideographs, which are so too, and the second halves of all: what is invalid counts as U+FFFD in either form.
    private static readonly (char First, char Last)[] KnownFirstHalves = [('\uD83C', '\uD83E'), ('\uD840', '\uD87D')];
    private static readonly (char First, char Last)[] SecondHalves = [('\uDC00', '\uDFFF')];

    private static readonly bool PlatformNormalizes = !"e\u0301".IsNormalized(NormalizationForm.FormC);

    private static readonly Lazy<SearchValues<char>> SettledInFormC = new(() => SearchValues.Create([.. CutsOfFormC(), .. Units(SecondHalves)]));

    private static readonly Lazy<SearchValues<char>> CutsInFormC = new(() => SearchValues.Create([.. CutsOfFormC()]));

    private static readonly Lazy<SearchValues<char>> Ascii = new(() => SearchValues.Create([.. Units(('\0', '\u007F'))]));

    private readonly SearchValues<char> _settled = (form == NormalizationForm.FormC ? SettledInFormC : Ascii).Value;
    private readonly SearchValues<char> _cuts = (form == NormalizationForm.FormC ? CutsInFormC : Ascii).Value;

    /// <summary>Whether a text is in the form already, but for what is invalid in it.</summary>
    /// <exception cref="NotSupportedException">The platform cannot tell.</exception>
    public bool IsNormalized(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExcept(_settled) < 0)
        {
            return true;
        }

        RequirePlatform();
        if (HasLoneSurrogate(text))
        {
            return false;
        }

        // The platform refuses this one, which joins nothing, so it is asked about what is between.
        foreach (Range part in text.Split(NotACharacter))
        {
            if (!text[part].IsNormalized(form))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>A text in the form; what is invalid UTF-16 becomes U+FFFD.</summary>
    /// <exception cref="NotSupportedException">The platform cannot do it.</exception>
    public string Normalize(ReadOnlySpan<char> text)
    {
        if (text.IndexOfAnyExcept(_settled) < 0)
        {
            return text.ToString();
        }

        RequirePlatform();
        string valid = Valid(text);
        return valid.Contains(NotACharacter)
            ? string.Join(NotACharacter, valid.Split(NotACharacter).Select(part => part.Normalize(form)))
            : valid.Normalize(form);
    }

    /// <summary>The first place where a text can be cut so that both parts normalize on their own, -1 when there is none.</summary>
    public int FirstCut(ReadOnlySpan<char> text) => text.IndexOfAny(_cuts);

    /// <summary>The last place where a text can be cut so that both parts normalize on their own, -1 when there is none.</summary>
    public int LastCut(ReadOnlySpan<char> text) => text.LastIndexOfAny(_cuts);

    private static void RequirePlatform()
    {
        if (!PlatformNormalizes)
        {
            throw new NotSupportedException(
                "This tokenizer normalizes Unicode, and the process runs with InvariantGlobalization, where the platform does not. Set InvariantGlobalization to false, or the variable DOTNET_SYSTEM_GLOBALIZATION_INVARIANT to 0 (this needs ICU).");
        }
    }

    private static bool HasLoneSurrogate(ReadOnlySpan<char> text)
    {
        while (text.IndexOfAnyInRange('\uD800', '\uDFFF') is >= 0 and var at)
        {
            if (Rune.DecodeFromUtf16(text[at..], out _, out int length) != OperationStatus.Done)
            {
                return true;
            }

            text = text[(at + length)..];
        }

        return false;
    }

    private static string Valid(ReadOnlySpan<char> text)
    {
        var valid = new char[text.Length];
        int end = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            end += rune.EncodeToUtf16(valid.AsSpan(end));
        }

        return new string(valid, 0, end);
    }

    private static IEnumerable<char> CutsOfFormC() => Units([.. KnownRanges, .. KnownFirstHalves]).Concat(FindSettled());

    // Of the characters of 16 bits, those that the platform leaves as they are and that are not parts of others: marks, and the vowels and finals of Hangul.
    private static IEnumerable<char> FindSettled()
    {
        if (!PlatformNormalizes)
        {
            return [];
        }

        char[] starters = [.. Units(('\0', '\uFFFD')).Where(IsStarter)];
        string normalized = string.Join('\0', starters).Normalize(NormalizationForm.FormC);
        return normalized.Split('\0').Zip(starters).Where(pair => pair.First.Length == 1 && pair.First[0] == pair.Second).Select(pair => pair.Second);
    }

    private static bool IsStarter(char unit) =>
        unit is not ('\0' or (>= '\u1160' and <= '\u11FF') or (>= '\uD7B0' and <= '\uD7FF')) && char.GetUnicodeCategory(unit)
            is not (UnicodeCategory.NonSpacingMark or UnicodeCategory.SpacingCombiningMark or UnicodeCategory.EnclosingMark or UnicodeCategory.Surrogate or UnicodeCategory.OtherNotAssigned);

    private static IEnumerable<char> Units(params (char First, char Last)[] ranges) =>
        ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1).Select(unit => (char)unit));
}
