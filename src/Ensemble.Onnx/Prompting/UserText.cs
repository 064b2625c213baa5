using System.Buffers;
using System.Globalization;
using System.Text;

namespace Ensemble.Onnx;

/// <summary>
/// Marks where text of users must be cut before it is encoded: inside the literals of added tokens, so that none becomes a control token,
/// at NUL characters, where the runtime would end the text, and around digits that its pre-tokenizer overlooks.
/// </summary>
internal sealed class UserText
{
    private const char FirstPrivateUse = '\uE000';
    private const char LastPrivateUse = '\uF8FF';

    private readonly string[] _literals;
    private readonly SearchValues<string> _search;
    private readonly bool _splitsNumbers;

    internal UserText(TokenizerFile tokenizer)
    {
        // White space steers nothing, and one character cannot be cut.
        _literals = [.. tokenizer.AddedTokens.Values.Where(text => text.Length > 1 && !string.IsNullOrWhiteSpace(text)).Distinct()];
        _search = SearchValues.Create(_literals, StringComparison.Ordinal);
        _splitsNumbers = tokenizer.SplitsNumbers;
    }

    /// <summary>Finds two characters that no text holds: one for a cut, the next one for NUL. Only characters without a meaning are taken: a template holds none.</summary>
    internal static char FreeMark(IEnumerable<string> texts)
    {
        char mark = FirstPrivateUse;
        while (texts.Any(text => text.AsSpan().ContainsAny(mark, (char)(mark + 1))))
        {
            mark = mark < LastPrivateUse - 1
                ? (char)(mark + 2)
                : throw new UnsupportedOptionException("The prompt uses up the private characters U+E000 to U+F8FF, and a local model needs two of them for itself: leave some out.");
        }

        return mark;
    }

    /// <summary>Puts the marks into a text.</summary>
    internal string Mark(string text, char cut)
    {
        bool hasLiteral = text.AsSpan().ContainsAny(_search);
        if (!hasLiteral && !text.Contains('\0', StringComparison.Ordinal) && (!_splitsNumbers || Ascii.IsValid(text)))
        {
            return text;
        }

        StringBuilder marked = new(text.Length + 8);
        for (int index = 0; index < text.Length; index++)
        {
            char current = text[index];
            if (current == '\0')
            {
                marked.Append((char)(cut + 1));
            }
            else if (_splitsNumbers && current >= 0x80 && IsNumber(text, index))
            {
                marked.Append(cut).Append(current);
                if (char.IsHighSurrogate(current))
                {
                    marked.Append(text[++index]);
                }

                marked.Append(cut);
            }
            else
            {
                marked.Append(current);
                if (hasLiteral && StartsLiteral(text.AsSpan(index)))
                {
                    marked.Append(cut);
                }
            }
        }

        return marked.ToString();
    }

    private static bool IsNumber(string text, int index) =>
        CharUnicodeInfo.GetUnicodeCategory(text, index) is UnicodeCategory.DecimalDigitNumber or UnicodeCategory.LetterNumber or UnicodeCategory.OtherNumber;

    private bool StartsLiteral(ReadOnlySpan<char> text)
    {
        foreach (string literal in _literals)
        {
            if (text.StartsWith(literal, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
