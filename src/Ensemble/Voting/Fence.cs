namespace Ensemble;

/// <summary>Finds the last block between lines that begin with three back-quotes.</summary>
internal static class Fence
{
    private const string Mark = "```";

    /// <summary>Returns the inside of the last block, also of one whose end was cut off, or the text as it is.</summary>
    public static string Inside(string text)
    {
        string? inside = null;
        int open = -1;
        for (int start = 0; start < text.Length;)
        {
            int end = text.IndexOf('\n', start);
            int next = end < 0 ? text.Length : end + 1;
            ReadOnlySpan<char> line = text.AsSpan(start, next - start).Trim();
            if (line.StartsWith(Mark, StringComparison.Ordinal))
            {
                ReadOnlySpan<char> rest = line[Mark.Length..];
                if (open >= 0 && rest.IsEmpty)
                {
                    (inside, open) = (text[open..start], -1);
                }
                else if (open < 0 && rest.Length > Mark.Length && rest.EndsWith(Mark, StringComparison.Ordinal))
                {
                    inside = rest[..^Mark.Length].ToString();
                }
                else if (open < 0)
                {
                    // The rest of the line names the language.
                    open = next;
                }
            }

            start = next;
        }

        return inside ?? (open >= 0 && open < text.Length ? text[open..] : InsideALine(text));
    }

    // A model that writes its whole answer in one line closes the block in it.
    private static string InsideALine(string text)
    {
        string inside = text;
        int at = 0;
        while ((at = text.IndexOf(Mark, at, StringComparison.Ordinal)) >= 0)
        {
            int close = text.IndexOf(Mark, at + Mark.Length, StringComparison.Ordinal);
            if (close < 0)
            {
                break;
            }

            inside = text[(at + Mark.Length)..close];
            at = close + Mark.Length;
        }

        return inside;
    }
}
