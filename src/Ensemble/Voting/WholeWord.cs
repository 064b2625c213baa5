namespace Ensemble;

/// <summary>Finds a word that is not part of a longer one.</summary>
internal static class WholeWord
{
    /// <summary>Returns where the word stands first, from a place on, without regard to case, or -1.</summary>
    public static int IndexOf(string text, string word, int from = 0)
    {
        int at = from;
        while ((at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            if (IsAt(text, word, at))
            {
                return at;
            }

            at++;
        }

        return -1;
    }

    /// <summary>Says whether the word stands at a place.</summary>
    public static bool IsAt(string text, string word, int at)
    {
        int end = at + word.Length;
        return end <= text.Length && text.AsSpan(at, word.Length).Equals(word, StringComparison.OrdinalIgnoreCase)
            && (at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end]));
    }
}
