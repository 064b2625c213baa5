namespace Ensemble;

/// <summary>Finds a word that is not part of a longer one.</summary>
internal static class WholeWord
{
    /// <summary>Returns where the word stands first, without regard to case, or -1.</summary>
    public static int IndexOf(string text, string word)
    {
        int at = 0;
        while ((at = text.IndexOf(word, at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            int end = at + word.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return at;
            }

            at++;
        }

        return -1;
    }
}
