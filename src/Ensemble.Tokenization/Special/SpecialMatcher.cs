using System.Buffers;

namespace Ensemble.Tokenization.Special;

/// <summary>Finds names of special tokens in a text: the leftmost, and the longest of those.</summary>
internal sealed class SpecialMatcher
{
    private readonly SearchValues<string> _names;
    private readonly Dictionary<char, SpecialToken[]> _longestFirst;

    public SpecialMatcher(IEnumerable<SpecialToken> tokens)
    {
        SpecialToken[] all = [.. tokens];
        _names = SearchValues.Create([.. all.Select(token => token.Match)], StringComparison.Ordinal);
        _longestFirst = all.GroupBy(token => token.Match[0]).ToDictionary(group => group.Key, group => group.OrderByDescending(token => token.Match.Length).ToArray());
        IsEmpty = all.Length == 0;
    }

    /// <summary>Whether there is nothing to find.</summary>
    public bool IsEmpty { get; }

    /// <summary>The first name in a text with the white space that it takes along, and its token.</summary>
    public SpecialToken? Find(ReadOnlySpan<char> text, out int start, out int end)
    {
        start = IsEmpty ? -1 : text.IndexOfAny(_names);
        if (start < 0)
        {
            start = end = text.Length;
            return null;
        }

        SpecialToken token = LongestAt(text[start..]);
        end = start + token.Match.Length;
        while (token.TakesWhiteBefore && start > 0 && char.IsWhiteSpace(text[start - 1]))
        {
            start--;
        }

        while (token.TakesWhiteAfter && end < text.Length && char.IsWhiteSpace(text[end]))
        {
            end++;
        }

        return token;
    }

    private SpecialToken LongestAt(ReadOnlySpan<char> text)
    {
        foreach (SpecialToken token in _longestFirst[text[0]])
        {
            if (text.StartsWith(token.Match, StringComparison.Ordinal))
            {
                return token;
            }
        }

        throw new InvalidOperationException("A name was found that is not in the table.");
    }
}
