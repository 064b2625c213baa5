using System.Globalization;
using System.Text;

namespace Ensemble.Onnx;

/// <summary>
/// What BERT does to text before it looks words up (Devlin et al., <c>BasicTokenizer</c>): cleans it, strips accents, lowers its case, and splits it at white
/// space, punctuation and ideographs.
/// </summary>
/// <remarks>The platform's <c>BertTokenizer</c> does this too, but drops symbols (<c>+ $ &lt; = &gt; ^ ` | ~</c>, emoji) and keeps <c>_</c> within words, which gives other vectors than the model's own.</remarks>
/// <param name="lowers">Whether case is lowered.</param>
/// <param name="stripsAccents">Whether text is decomposed and its marks are dropped.</param>
/// <param name="splitsIdeographs">Whether each ideograph is a word.</param>
internal sealed class BertWords(bool lowers, bool stripsAccents, bool splitsIdeographs)
{
    private const char NoCharacter = '\uFFFE';

    /// <summary>Gets whether this process can decompose text, which one with <c>InvariantGlobalization</c> cannot.</summary>
    internal static bool CanStripAccents { get; } = "é".Normalize(NormalizationForm.FormD).Length == 2;

    /// <summary>Whether case is lowered.</summary>
    internal bool Lowers => lowers;

    /// <summary>Gives the words of a text one after another, so that who has enough of them reads no further.</summary>
    internal IEnumerable<string> Split(string text)
    {
        StringBuilder run = new();
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsDropped(rune))
            {
                continue;
            }

            bool isIdeograph = splitsIdeographs && IsIdeograph(rune.Value);
            if (!isIdeograph && !IsWhiteSpace(rune))
            {
                run.Append(rune.ToString());
                continue;
            }

            foreach (string word in SplitRun(run))
            {
                yield return word;
            }

            if (isIdeograph)
            {
                run.Append(rune.ToString());
                foreach (string word in SplitRun(run))
                {
                    yield return word;
                }
            }
        }

        foreach (string word in SplitRun(run))
        {
            yield return word;
        }
    }

    private IEnumerable<string> SplitRun(StringBuilder run)
    {
        if (run.Length == 0)
        {
            yield break;
        }

        string text = Normalize(run.ToString());
        run.Clear();
        int start = 0;
        int index = 0;
        foreach (Rune rune in text.EnumerateRunes())
        {
            if (IsPunctuation(rune))
            {
                if (index > start)
                {
                    yield return text[start..index];
                }

                start = index + rune.Utf16SequenceLength;
                yield return text[index..start];
            }

            index += rune.Utf16SequenceLength;
        }

        if (index > start)
        {
            yield return text[start..];
        }
    }

    private string Normalize(string text)
    {
        if (stripsAccents && !Ascii.IsValid(text))
        {
            StringBuilder kept = new(text.Length);
            foreach (Rune rune in Decompose(text).EnumerateRunes())
            {
                if (Rune.GetUnicodeCategory(rune) != UnicodeCategory.NonSpacingMark)
                {
                    kept.Append(rune.ToString());
                }
            }

            text = kept.ToString();
        }

        // The one character whose lower case is two, which the platform leaves as it is.
        return lowers ? text.Replace("\u0130", "i\u0307", StringComparison.Ordinal).ToLowerInvariant() : text;
    }

    // The platform throws on U+FFFE, which is no character and so decomposes nothing.
    private static string Decompose(string text) =>
        text.Contains(NoCharacter, StringComparison.Ordinal) ? string.Join(NoCharacter, text.Split(NoCharacter).Select(Decompose)) : text.Normalize(NormalizationForm.FormD);

    // U+FFFD stands for what is no character as well, a lone surrogate for instance.
    private static bool IsDropped(Rune rune) => rune.Value switch
    {
        0 or 0xFFFD => true,
        '\t' or '\n' or '\r' => false,
        _ => Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format or UnicodeCategory.PrivateUse,
    };

    private static bool IsWhiteSpace(Rune rune) => Rune.IsWhiteSpace(rune);

    private static bool IsPunctuation(Rune rune) => rune.IsAscii ? rune.Value is > ' ' and < 127 && !Rune.IsLetterOrDigit(rune) : Rune.IsPunctuation(rune);

    // The ranges of the library that models are made with, whose fifth begins at 2B920 and not, as in the first code, at 2B820.
    private static bool IsIdeograph(int value) => value
        is (>= 0x4E00 and <= 0x9FFF) or (>= 0x3400 and <= 0x4DBF) or (>= 0x20000 and <= 0x2A6DF) or (>= 0x2A700 and <= 0x2B73F)
        or (>= 0x2B740 and <= 0x2B81F) or (>= 0x2B920 and <= 0x2CEAF) or (>= 0xF900 and <= 0xFAFF) or (>= 0x2F800 and <= 0x2FA1F);
}
