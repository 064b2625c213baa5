namespace Ensemble;

/// <summary>Finds the last block between lines of three back-quotes.</summary>
internal static class Fence
{
    private const string Mark = "```";

    /// <summary>Returns the inside of the last closed block, or the text as it is.</summary>
    public static string Inside(string text)
    {
        int close = -1;
        int open = -1;
        int at = 0;
        while ((at = text.IndexOf(Mark, at, StringComparison.Ordinal)) >= 0)
        {
            int next = text.IndexOf(Mark, at + Mark.Length, StringComparison.Ordinal);
            if (next < 0)
            {
                break;
            }

            (open, close) = (at + Mark.Length, next);
            at = next + Mark.Length;
        }

        if (open < 0)
        {
            return text;
        }

        // The rest of the opening line names the language.
        int line = text.IndexOf('\n', open, close - open);
        return line < 0 ? text[open..close] : text[(line + 1)..close];
    }
}
