using System.Text;

namespace Ensemble.Tokenization.Adapters;

/// <summary>Walks a text token by token and says where each ends in UTF-16.</summary>
internal ref struct TokenOffsets(TokenEncoding encoding, ReadOnlySpan<char> text)
{
    private readonly ReadOnlySpan<char> _text = text;
    private int _bytesOfCharacter;

    /// <summary>The end of the last token: the start of the character that it ends in or before.</summary>
    public int Index { get; private set; }

    /// <summary>The same, but behind a character that the last token ends in.</summary>
    public readonly int IndexAfterCharacter
    {
        get
        {
            if (IsBetweenCharacters || Index == _text.Length)
            {
                return Index;
            }

            Rune.DecodeFromUtf16(_text[Index..], out _, out int units);
            return Index + units;
        }
    }

    /// <summary>Whether the last token ends with a character.</summary>
    public readonly bool IsBetweenCharacters => _bytesOfCharacter == 0;

    /// <summary>Goes on to the end of the next token.</summary>
    public void Advance(int token)
    {
        encoding.TryGetBytes(token, out ReadOnlySpan<byte> bytes);
        _bytesOfCharacter += bytes.Length;
        while (Index < _text.Length)
        {
            Rune.DecodeFromUtf16(_text[Index..], out Rune rune, out int units);
            if (_bytesOfCharacter < rune.Utf8SequenceLength)
            {
                break;
            }

            _bytesOfCharacter -= rune.Utf8SequenceLength;
            Index += units;
        }
    }

    /// <summary>How many of the first tokens fit into a limit without splitting a character, and where they end.</summary>
    public (int Count, int Index) Fit(ReadOnlySpan<int> tokens, int maxTokens)
    {
        (int Count, int Index) fit = (0, 0);
        for (int i = 0; i < Math.Min(tokens.Length, maxTokens); i++)
        {
            Advance(tokens[i]);
            if (IsBetweenCharacters)
            {
                fit = (i + 1, Index);
            }
        }

        return fit;
    }

    /// <summary>How many of the last tokens fit into a limit without splitting a character, and where they start.</summary>
    public (int Count, int Index) FitFromEnd(ReadOnlySpan<int> tokens, int maxTokens)
    {
        for (int i = 0; i < tokens.Length; i++)
        {
            if (tokens.Length - i <= maxTokens && IsBetweenCharacters)
            {
                return (tokens.Length - i, Index);
            }

            Advance(tokens[i]);
        }

        return (0, _text.Length);
    }
}
