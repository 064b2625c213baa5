namespace Ensemble;

/// <summary>Finds the known word that a mistyped one most likely meant.</summary>
internal static class Suggestion
{
    /// <summary>Returns <c> Did you mean 'x'?</c>, or nothing when no known word is near.</summary>
    public static string For(string word, IEnumerable<string> known) =>
        Nearest(word, known) is { } nearest ? $" Did you mean '{nearest}'?" : "";

    /// <summary>As <see cref="For"/>; of a key that is near to none, the only one that ends with the same word is meant (<c>AfterSeconds</c>: <c>ShortestDelaySeconds</c>).</summary>
    public static string ForKey(string key, IEnumerable<string> known)
    {
        if (For(key, known) is { Length: > 0 } near)
        {
            return near;
        }

        string last = LastWord(key);
        string[] same = [.. known.Where(other => last.Length > 2 && LastWord(other).Equals(last, StringComparison.OrdinalIgnoreCase))];
        return same.Length == 1 ? $" Did you mean '{same[0]}'?" : "";
    }

    private static string LastWord(string key)
    {
        int start = key.Length - 1;
        while (start > 0 && !char.IsUpper(key[start]))
        {
            start--;
        }

        return start < 0 ? "" : key[start..];
    }

    /// <summary>Returns the known word with the fewest edits, if those are at most a third of its letters (and at least 2).</summary>
    public static string? Nearest(string word, IEnumerable<string> known)
    {
        string? best = null;
        int fewest = int.MaxValue;
        foreach (string candidate in known)
        {
            int edits = Distance(word, candidate);
            if (edits < fewest && edits <= Math.Max(2, candidate.Length / 3))
            {
                (best, fewest) = (candidate, edits);
            }
        }

        return best;
    }

    // Levenshtein over two rows, without regard to case.
    private static int Distance(string left, string right)
    {
        int[] above = new int[right.Length + 1];
        int[] row = new int[right.Length + 1];
        for (int j = 0; j <= right.Length; j++)
        {
            above[j] = j;
        }

        for (int i = 0; i < left.Length; i++)
        {
            row[0] = i + 1;
            for (int j = 0; j < right.Length; j++)
            {
                int replace = above[j] + (char.ToUpperInvariant(left[i]) == char.ToUpperInvariant(right[j]) ? 0 : 1);
                row[j + 1] = Math.Min(replace, 1 + Math.Min(above[j + 1], row[j]));
            }

            (above, row) = (row, above);
        }

        return above[right.Length];
    }
}
