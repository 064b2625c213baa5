using System.Numerics;
using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Splitting;

internal static unsafe partial class BlockSplitter<TKernel, TFamily>
{
    // Characters of several bytes.
    private ref partial struct State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly CharClass NextClass(byte* block)
        {
            byte next = block[IBlockKernel.BlockLength];
            return next < 0x80 ? CharClasses.OfUnit((char)next)
                : _straddling != 0 ? (CharClass)(byte)_straddling
                : Utf8Decoder.ClassOf(block + IBlockKernel.BlockLength, out _);
        }

        /// <summary>Adds the characters of several bytes; false for a zero byte, which the cache's keys cannot hold.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private bool TryAddWide(byte* block, ulong valid, ulong special, ref BlockMasks m)
        {
            byte* classes = stackalloc byte[IBlockKernel.BlockLength + sizeof(uint)];
            new Span<byte>(classes, IBlockKernel.BlockLength + sizeof(uint)).Clear();
            *(uint*)classes = _straddling;
            ulong leads = TKernel.FindLeads(block) & valid;
            ulong wide = special;
            for (ulong rest = leads; rest != 0; rest &= rest - 1)
            {
                int index = BitOperations.TrailingZeroCount(rest);
                CharClass c = Utf8Decoder.ClassOf(block + index, out int bytes);
                *(uint*)(classes + index) = ((byte)c * 0x0101_0101u) & (uint.MaxValue >> (8 * (sizeof(uint) - bytes)));
            }

            ulong covered = TKernel.TestBits(classes, 0xFF) & valid;
            if ((wide & ~covered) != 0)
            {
                return false;
            }

            ulong mark = TKernel.TestBits(classes, (byte)CharClass.Mark);
            ulong letter = TKernel.TestBits(classes, (byte)CharClass.Letter);
            m.Continuation = covered & ~leads;
            m.Number |= TKernel.TestBits(classes, (byte)CharClass.Number);
            m.White |= TKernel.TestBits(classes, (byte)CharClass.White);
            m.Letter |= letter;
            _straddling = *(uint*)(classes + IBlockKernel.BlockLength);
            if (TFamily.SplitsAtCase)
            {
                m.Upper |= TKernel.TestBits(classes, (byte)CharClass.Upper);
                m.Lower |= TKernel.TestBits(classes, (byte)CharClass.Lower);
                m.Caseless = TKernel.TestBits(classes, (byte)(CharClass.Caseless | CharClass.Mark));
                m.Letter |= mark;
            }

            m.Punctuation = valid & ~(m.Letter | m.Number | m.White);
            return !TFamily.SplitsAtCase || mark == 0 || !MarkMayContinuePunctuation(mark, m);
        }

        // A run of punctuation takes marks along, unless its one character leads them as it leads letters.
        private readonly bool MarkMayContinuePunctuation(ulong mark, in BlockMasks m) =>
            (mark & ~m.Continuation & Shift(m.Punctuation, _punctuation)) != 0;
    }
}
