using System.Collections.Frozen;

namespace Ensemble;

/// <summary>Words that are looked up without regard to case and without a string: one by one they would be compared for longer than the text around them is read.</summary>
internal sealed class WordSet(string[] words)
{
    private readonly FrozenSet<string>.AlternateLookup<ReadOnlySpan<char>> _words = words.ToFrozenSet(StringComparer.OrdinalIgnoreCase).GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Says whether a word is one of them.</summary>
    public bool Contains(ReadOnlySpan<char> word) => _words.Contains(word);
}
