using System.Numerics;
using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Splitting;

internal static unsafe partial class BlockSplitter<TKernel, TFamily>
{
    // Digits, in groups of up to three.
    private ref partial struct State
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool TryAddDigitGroups(in BlockMasks m, ref ulong starts)
        {
            if (_digitGroup == 1)
            {
                starts |= m.Number & ~m.Continuation;
                return true;
            }

            ulong first = m.Number & ~Shift(m.Number, _number);
            ulong third = Shift(m.Number, _number) & ((m.Number << 2) | (_number >> (Last - 1)));
            ulong fourth = m.Number & third & ((m.Number << 3) | (_number >> (Last - 2)));
            if ((m.Number & m.Continuation) != 0)
            {
                return false;
            }

            starts |= fourth == 0 ? first : GroupDigits(m.Number);
            _openDigits = m.Number >> Last == 0 ? 0 : CountOpenDigits(m.Number);
            return true;
        }

        private readonly int CountOpenDigits(ulong number)
        {
            int run = BitOperations.LeadingZeroCount(~number);
            return (run == IBlockKernel.BlockLength ? run + _openDigits : run) % _digitGroup;
        }

        /// <summary>Starts of groups of three in runs of digits.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private readonly ulong GroupDigits(ulong number)
        {
            ulong starts = 0;
            while (number != 0)
            {
                int index = BitOperations.TrailingZeroCount(number);
                int run = BitOperations.TrailingZeroCount(~(number >> index));
                int end = Math.Min(index + run, IBlockKernel.BlockLength);
                bool continues = index == 0 && _number >> Last != 0;
                int skipped = continues ? (_digitGroup - _openDigits) % _digitGroup : 0;
                for (int start = index + skipped; start < end; start += _digitGroup)
                {
                    starts |= 1UL << start;
                }

                number = end >= IBlockKernel.BlockLength ? 0 : number & (ulong.MaxValue << end);
            }

            return starts;
        }
    }
}
