namespace Ensemble;

/// <summary>
/// Finds sensitive data in a text in one pass and without allocation. A vectorised search stops only at characters that every
/// known format must contain (a digit, <c>@</c>, <c>_</c>, <c>-</c> and four letters of key prefixes); each stop looks at a bounded
/// stretch, so the time is linear for any text. Formats with check digits are checked. What has no format, such as a name or an
/// address, is not found: hand in a <see cref="SensitiveTextDetector"/> for more.
/// </summary>
public static class SensitiveDataScanner
{
    /// <summary>Says which kinds of sensitive data a text holds.</summary>
    /// <param name="text">The text.</param>
    /// <param name="wanted">The kinds that matter; the scan ends as soon as all of them have been found.</param>
    /// <returns>The kinds that were found, also those beside <paramref name="wanted"/> that were met on the way.</returns>
    public static SensitiveData Scan(ReadOnlySpan<char> text, SensitiveData wanted = SensitiveData.All)
    {
        wanted &= ~(SensitiveData.Custom | SensitiveData.Unreadable);
        SensitiveData found = SensitiveData.None;
        SensitiveDataEnumerator matches = new(text);
        while ((found & wanted) != wanted && matches.MoveNext())
        {
            found |= matches.Current.Kind;
        }

        return found;
    }

    /// <summary>Lists the places of sensitive data from left to right; they do not overlap.</summary>
    /// <param name="text">The text.</param>
    /// <returns>An enumerator for <c>foreach</c>.</returns>
    public static SensitiveDataEnumerator EnumerateMatches(ReadOnlySpan<char> text) => new(text);
}
