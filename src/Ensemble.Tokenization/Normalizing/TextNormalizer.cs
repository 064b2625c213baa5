using System.Buffers;
using System.Text;

namespace Ensemble.Tokenization.Normalizing;

/// <summary>One of Unicode's normalization forms, in front of a vocabulary.</summary>
/// <remarks>
/// The forms of other characters than the settled ones come from the platform (ICU). A process with <c>InvariantGlobalization</c> has none: there such
/// text is refused, since the platform would silently leave it as it is.
/// </remarks>
internal sealed class TextNormalizer(NormalizationForm form)
{
    // Canonical class 0 and quick check "yes" (Unicode, UAX #15): before such a character no composition reaches across, and text of nothing else is
    // in the form already.
    private static readonly SearchValues<char> SettledInFormC = SearchValues.Create(
        [.. Ranges(('\0', '\u02FF'), ('\u0400', '\u0482'), ('\u048A', '\u052F'), ('\u2010', '\u2027'), ('\u2030', '\u205E'), ('\u3001', '\u3029'),
            ('\u3041', '\u3096'), ('\u30A1', '\u30FA'), ('\u4E00', '\u9FFF'), ('\uAC00', '\uD7A3'), ('\uFF01', '\uFF5E'))]);

    private static readonly SearchValues<char> Ascii = SearchValues.Create([.. Ranges(('\0', '\u007F'))]);

    private static readonly bool PlatformNormalizes = !"e\u0301".IsNormalized(NormalizationForm.FormC);

    private readonly SearchValues<char> _settled = form == NormalizationForm.FormC ? SettledInFormC : Ascii;

    /// <summary>Whether a text is valid UTF-16 in the form already.</summary>
    /// <exception cref="NotSupportedException">The platform cannot tell.</exception>
    public bool IsNormalized(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExcept(_settled) < 0 || (!HasLoneSurrogate(text) && OnPlatform(text.ToString()).IsNormalized(form));

    /// <summary>A text in the form; what is invalid UTF-16 becomes U+FFFD.</summary>
    /// <exception cref="NotSupportedException">The platform cannot do it.</exception>
    public string Normalize(ReadOnlySpan<char> text) =>
        text.IndexOfAnyExcept(_settled) < 0 ? text.ToString() : OnPlatform(Valid(text)).Normalize(form);

    /// <summary>The first place where a text can be cut so that both parts normalize on their own, -1 when there is none.</summary>
    public int FirstCut(ReadOnlySpan<char> text) => text.IndexOfAny(_settled);

    /// <summary>The last place where a text can be cut so that both parts normalize on their own, -1 when there is none.</summary>
    public int LastCut(ReadOnlySpan<char> text) => text.LastIndexOfAny(_settled);

    private static string OnPlatform(string text) => PlatformNormalizes
        ? text
        : throw new NotSupportedException(
            "This tokenizer normalizes Unicode, and the process runs with InvariantGlobalization, where the platform does not. Set InvariantGlobalization to false.");

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

    private static IEnumerable<char> Ranges(params (char First, char Last)[] ranges) =>
        ranges.SelectMany(range => Enumerable.Range(range.First, range.Last - range.First + 1).Select(unit => (char)unit));
}
