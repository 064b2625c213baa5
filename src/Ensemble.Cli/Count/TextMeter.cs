using Ensemble.Tokenization;

namespace Ensemble.Cli;

/// <summary>Counts a text of any length in blocks, each cut where the counts of both sides add up to that of the whole.</summary>
/// <remarks>
/// Such a place is a space behind anything but white space, or a sign behind a letter: every splitting expression ends a piece there, whatever follows. Only
/// where a whole block has none, as in Chinese prose, the slower appending counter takes over until the next one.
/// </remarks>
internal sealed class TextMeter
{
    private const int DefaultBlock = 1 << 20;

    private readonly TokenEncoding _encoding;
    private readonly TokenCounter _appending;
    private readonly char[] _block;
    private bool _isAppending;

    /// <summary>Creates a meter.</summary>
    /// <param name="encoding">The encoding.</param>
    /// <param name="block">The size of a block, in UTF-16 units.</param>
    public TextMeter(TokenEncoding encoding, int block = DefaultBlock)
    {
        _encoding = encoding;
        _appending = encoding.CreateCounter();
        _block = new char[block];
    }

    /// <summary>Counts what a reader gives.</summary>
    /// <param name="reader">The text.</param>
    /// <param name="progress">Is told the UTF-16 units read so far after each block.</param>
    /// <param name="cancellationToken">Stops the counting.</param>
    /// <returns>The sizes; the bytes are those of valid UTF-8.</returns>
    public async Task<TextCount> CountAsync(TextReader reader, Action<long> progress, CancellationToken cancellationToken)
    {
        (long tokens, long characters, long bytes, long units) = (0, 0, 0, 0);
        int length = 0;
        while (await reader.ReadAsync(_block.AsMemory(length), cancellationToken) is > 0 and var read)
        {
            ReadOnlySpan<char> added = _block.AsSpan(length, read);
            characters += CountCharacters(added);
            bytes += CountBytes(added);
            units += read;
            length += read;
            int done = CountBlock(_block.AsSpan(0, length), ref tokens);
            _block.AsSpan(done, length - done).CopyTo(_block);
            length -= done;
            progress(units);
        }

        tokens += FinishBlock(_block.AsSpan(0, length));
        return new TextCount { Tokens = tokens, Characters = characters, Bytes = bytes };
    }

    private int CountBlock(ReadOnlySpan<char> block, ref long tokens)
    {
        int start = 0;
        int last = LastCut(block);
        if (last <= 0)
        {
            if (block.Length < _block.Length)
            {
                return 0;
            }

            _isAppending = true;
            _appending.Append(block);
            return block.Length;
        }

        if (_isAppending)
        {
            start = FirstCut(block);
            _appending.Append(block[..start]);
            tokens += _appending.Count;
            _appending.Reset();
            _isAppending = false;
        }

        tokens += _encoding.Count(block[start..last]);
        return last;
    }

    private long FinishBlock(ReadOnlySpan<char> rest)
    {
        if (!_isAppending)
        {
            return _encoding.Count(rest);
        }

        _appending.Append(rest);
        long tokens = _appending.Count;
        _appending.Reset();
        _isAppending = false;
        return tokens;
    }

    private static int FirstCut(ReadOnlySpan<char> block)
    {
        int at = 1;
        while (!IsCut(block, at))
        {
            at++;
        }

        return at;
    }

    private static int LastCut(ReadOnlySpan<char> block)
    {
        int at = block.Length - 1;
        while (at > 0 && !IsCut(block, at))
        {
            at--;
        }

        return at;
    }

    // An apostrophe may go on with the word.
    private static bool IsCut(ReadOnlySpan<char> block, int at) => block[at] switch
    {
        ' ' => !char.IsWhiteSpace(block[at - 1]),
        '\'' => false,
        > ' ' and < '\u007F' and var sign => !char.IsAsciiLetterOrDigit(sign) && char.IsAsciiLetter(block[at - 1]),
        _ => false,
    };

    // A pair of surrogates is one character, and a reader may part them.
    private static int CountCharacters(ReadOnlySpan<char> units)
    {
        int count = 0;
        foreach (char unit in units)
        {
            count += char.IsLowSurrogate(unit) ? 0 : 1;
        }

        return count;
    }

    // By unit, since a pair may be parted: two bytes for each half of one. Readers give no lone surrogates.
    private static long CountBytes(ReadOnlySpan<char> units)
    {
        long count = units.Length;
        foreach (char unit in units)
        {
            count += unit < 0x80 ? 0 : unit < 0x800 || char.IsSurrogate(unit) ? 1 : 2;
        }

        return count;
    }
}
