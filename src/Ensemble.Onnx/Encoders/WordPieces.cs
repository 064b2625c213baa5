namespace Ensemble.Onnx;

/// <summary>The ids of a BERT vocabulary: of each word the longest piece that is known, again and again (WordPiece).</summary>
internal sealed class WordPieces : ITextPieces
{
    private readonly Dictionary<string, int> _ids;

    // The pieces that go on with a word, without their prefix.
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _rests;

    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> _starts;

    private readonly BertWords _words;

    private readonly int _unknown;

    private readonly int _maxWordLength;

    private readonly int _longest;

    /// <summary>Takes a vocabulary.</summary>
    /// <param name="ids">Every piece with its id.</param>
    /// <param name="words">How text becomes words.</param>
    /// <param name="unknown">The id of a word that the pieces do not make up.</param>
    /// <param name="prefix">What marks a piece that goes on with a word.</param>
    /// <param name="maxWordLength">The length from which on a word is unknown.</param>
    internal WordPieces(Dictionary<string, int> ids, BertWords words, int unknown, string prefix = "##", int maxWordLength = 100)
    {
        _ids = ids;
        _words = words;
        _unknown = unknown;
        _maxWordLength = maxWordLength;
        _longest = ids.Keys.Max(piece => piece.Length);
        _starts = ids.GetAlternateLookup<ReadOnlySpan<char>>();
        _rests = ids.Where(entry => entry.Key.StartsWith(prefix, StringComparison.Ordinal)).ToDictionary(entry => entry.Key[prefix.Length..], entry => entry.Value, StringComparer.Ordinal)
            .GetAlternateLookup<ReadOnlySpan<char>>();
    }

    /// <summary>Whether case is lowered before words are looked up.</summary>
    internal bool Lowers => _words.Lowers;

    public int[] Encode(string text, int maxPieces)
    {
        List<int> ids = [];
        foreach (string word in _words.Split(text))
        {
            Add(word, ids);
            if (ids.Count >= maxPieces)
            {
                break;
            }
        }

        return [.. ids];
    }

    public int? FindId(string token) => _ids.TryGetValue(token, out int id) ? id : null;

    private void Add(string word, List<int> ids)
    {
        int before = ids.Count;
        for (int start = 0; start < word.Length;)
        {
            int end = start;
            int id = -1;
            if (word.Length <= _maxWordLength || word.EnumerateRunes().Count() <= _maxWordLength)
            {
                Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> pieces = start == 0 ? _starts : _rests;
                for (end = Math.Min(word.Length, start + _longest); end > start && !pieces.TryGetValue(word.AsSpan(start, end - start), out id); end--)
                {
                }
            }

            if (end == start)
            {
                ids.RemoveRange(before, ids.Count - before);
                ids.Add(_unknown);
                return;
            }

            ids.Add(id);
            start = end;
        }
    }
}
