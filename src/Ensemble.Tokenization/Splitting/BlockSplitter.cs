using System.Numerics;
using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Splitting;

/// <summary>
/// Finds the pieces of valid UTF-8 64 bytes at a time: the splitting expression as algebra over one bit a byte. Where the algebra does not hold, in well
/// under one block of a hundred of most texts, <see cref="PieceScanner"/> goes from the last piece's start to past the block.
/// </summary>
/// <remarks>
/// <c>pX</c> is the mask X moved by one, so that each byte sees the one before it; the bit that falls off goes to the next block. A piece's start is
/// all context that the expressions have, so the algebra may begin with nothing carried at any start.
/// </remarks>
internal static unsafe partial class BlockSplitter<TKernel, TFamily>
    where TKernel : struct, IBlockKernel
    where TFamily : struct, IWordFamily
{
    /// <summary>Bytes that must be readable, and be zero, after the end of a final text.</summary>
    public const int Padding = IBlockKernel.BlockLength + 16;

    // A block looks at the character after it and at a contraction that reaches past it; a piece may be read 16 bytes at a time.
    private const int LookAhead = Padding + 16;

    /// <summary>Finds pieces from <paramref name="start"/>, where one starts.</summary>
    /// <param name="text">The text, padded when final.</param>
    /// <param name="length">Its length.</param>
    /// <param name="final">Whether the text ends there; otherwise the last pieces, which more text might change, are left.</param>
    /// <param name="start">Where to begin.</param>
    /// <param name="rules">The rules, of the family <typeparamref name="TFamily"/>.</param>
    /// <param name="sink">Takes the pieces.</param>
    /// <returns>Where the first piece starts that the sink was not given.</returns>
    public static int Split<TSink>(byte* text, int length, bool final, int start, SplitRules rules, ref TSink sink)
        where TSink : struct, IPieceSink, allows ref struct
    {
        int* ends = stackalloc int[IPieceSink.Capacity + IBlockKernel.BlockLength];
        int stop = final ? length : length - LookAhead;
        int given = start;
        int position = start;
        int count = 0;
        while (position < stop)
        {
            var state = new State(text, length, final, position, rules);
            int at = position;
            bool regular = true;
            while (at < stop)
            {
                if (!state.TryFindStarts(at, out ulong starts))
                {
                    regular = false;
                    break;
                }

                count += TKernel.WritePositions(starts, at, ends + count);
                if (count >= IPieceSink.Capacity)
                {
                    if (!sink.Add(text, given, ends, count))
                    {
                        return ends[count - 1];
                    }

                    given = ends[count - 1];
                    count = 0;
                }

                at += IBlockKernel.BlockLength;
            }

            position = count > 0 ? ends[count - 1] : given;
            if (regular)
            {
                break;
            }

            int past = Math.Min(at + IBlockKernel.BlockLength, stop);
            while (position < past)
            {
                int end = PieceScanner.FindEnd(new Utf8Text(text, length), position, rules);
                if (!final && (end > stop || !PieceScanner.IsSettled(new Utf8Text(text, length), end, rules)))
                {
                    past = stop = position;
                    break;
                }

                var piece = new ReadOnlySpan<byte>(text + position, end - position);
                bool odd = piece.Contains((byte)0);
                if (!odd)
                {
                    ends[count++] = end;
                }

                if (odd || count >= IPieceSink.Capacity)
                {
                    bool goOn = (count == 0 || sink.Add(text, given, ends, count)) && (!odd || sink.AddUncached(piece));
                    if (!goOn)
                    {
                        return end;
                    }

                    given = end;
                    count = 0;
                }

                position = end;
            }
        }

        if (final && position < length)
        {
            ends[count++] = length;
            position = length;
        }

        if (count > 0)
        {
            sink.Add(text, given, ends, count);
        }

        return position;
    }
}
