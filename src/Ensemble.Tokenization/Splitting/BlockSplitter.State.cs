using System.Numerics;
using System.Runtime.CompilerServices;
using Ensemble.Tokenization.Kernels;

namespace Ensemble.Tokenization.Splitting;

internal static unsafe partial class BlockSplitter<TKernel, TFamily>
{
    /// <summary>What one block tells the next.</summary>
    private ref partial struct State(byte* text, int length, bool final, int origin, SplitRules rules)
    {
        private const int Last = IBlockKernel.BlockLength - 1;

        // Not the rules themselves: a reference in here has the whole clear its place first, which short texts feel.
        private readonly int _digitGroup = rules.DigitGroup;
        private readonly bool _digitsCutText = rules.DigitsCutText;
        private readonly bool _keepsTrailingWhite = rules.KeepsTrailingWhite;
        private readonly bool _lowerCaseContractions = rules.Contractions == ContractionRule.AloneLowerCase;

        // The whole mask of the block before: its last bit is the byte before this block.
        private ulong _letter;
        private ulong _lower;
        private ulong _caseless;
        private ulong _number;
        private ulong _white;
        private ulong _newline;
        private ulong _space;
        private ulong _punctuation;

        /// <summary>First characters of punctuation that no space leads: one of them alone may lead a word.</summary>
        private ulong _soloLead;

        /// <summary>Newlines that belong to the punctuation before them.</summary>
        private ulong _tail;

        /// <summary>Digits in the open group.</summary>
        private int _openDigits;

        /// <summary>Starts that a contraction at the end of the block before moved.</summary>
        private ulong _cleared;
        private ulong _set;
        private int _afterContraction = -1;

        /// <summary>The class of a character that reaches into this block.</summary>
        private uint _straddling;

        /// <summary>The starts of pieces in a block; false when the algebra does not hold for it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public bool TryFindStarts(int at, out ulong starts)
        {
            byte* block = text + at;
            int left = length - at;
            ulong valid = left >= IBlockKernel.BlockLength ? ulong.MaxValue : (1UL << left) - 1;
            ulong special = TKernel.Classify(block, out AsciiMasks ascii) & valid;
            BlockMasks m = default;
            m.Letter = ascii.Letter;
            m.Upper = ascii.Upper;
            m.Number = ascii.Number;
            m.White = ascii.White;
            m.Newline = ascii.Newline;
            m.Space = ascii.Space;
            m.Apostrophe = ascii.Apostrophe;
            m.Slash = ascii.Slash;
            m.Lower = m.Letter & ~m.Upper;
            m.Punctuation = valid & ~(m.Letter | m.Number | m.White);
            starts = 0;
            if ((special | _straddling) != 0)
            {
                // A copy: masks whose address is taken would live in memory, also where all is ASCII. The starts below are copied for the same reason.
                BlockMasks wide = m;
                if (!TryAddWide(block, valid, special, ref wide))
                {
                    return false;
                }

                m = wide;
            }

            CharClass next = left > IBlockKernel.BlockLength ? NextClass(block) : CharClass.White;
            ulong nextLetter = (m.Letter >> 1) | ((next & LetterClasses) != 0 ? 1UL << Last : 0);
            ulong stops = (m.White >> 1) | ((next & CharClass.White) != 0 ? 1UL << Last : 0);
            if (valid != ulong.MaxValue)
            {
                // The end of the text is as good as white space to what precedes it.
                stops |= 1UL << (left - 1);
            }

            if (!TFamily.NewlinesEndRuns && _digitsCutText)
            {
                stops |= (m.Number >> 1) | ((next & CharClass.Number) != 0 ? 1UL << Last : 0);
            }

            ulong pWhite = Shift(m.White, _white);
            ulong pPunctuation = Shift(m.Punctuation, _punctuation);
            ulong pSpace = Shift(m.Space, _space);
            ulong pLetter = Shift(m.Letter, _letter);
            ulong found = (m.White & ~pWhite) | (m.Punctuation & ~pPunctuation & ~pSpace);
            bool regular = TFamily.NewlinesEndRuns
                ? AddModernStarts(at, m, stops, pWhite, pPunctuation, pSpace, pLetter, valid, ref found)
                : AddSpacedStarts(m, stops, pSpace, pLetter, ref found);
            if (!regular)
            {
                return false;
            }

            found = (found & ~_cleared) | _set;
            _cleared = 0;
            _set = 0;
            ulong apostrophes = m.Apostrophe & nextLetter & (TFamily.SplitsAtCase ? pLetter : found | (at == origin ? 1UL : 0));
            if (apostrophes != 0)
            {
                found = MoveContractions(at, apostrophes, found);
            }

            if (at == origin)
            {
                found &= ~1UL;
            }

            starts = found & valid;
            _letter = m.Letter;
            _white = m.White;
            _newline = m.Newline;
            _space = m.Space;
            _punctuation = m.Punctuation;
            _number = m.Number;
            if (TFamily.SplitsAtCase)
            {
                _lower = m.Lower;
                _caseless = m.Caseless;
            }

            return true;
        }

        private static CharClass LetterClasses => TFamily.SplitsAtCase ? CharClass.Letter | CharClass.Mark : CharClass.Letter;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static ulong Shift(ulong mask, ulong before) => (mask << 1) | (before >> Last);

        /// <summary>The rules of OpenAI's later expressions.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool AddModernStarts(
            int at,
            in BlockMasks m,
            ulong stops,
            ulong pWhite,
            ulong pPunctuation,
            ulong pSpace,
            ulong pLetter,
            ulong valid,
            ref ulong starts)
        {
            ulong pNewline = Shift(m.Newline, _newline);
            ulong inline = m.White & ~m.Newline;
            ulong pInline = pWhite & ~pNewline;

            // The first character of punctuation, if no space leads it, itself leads the letters that follow it at once.
            ulong solo = m.Punctuation & ~pPunctuation & ~pSpace;
            if (m.Continuation != 0)
            {
                solo |= (_soloLead >> Last) & m.Continuation;
                solo |= (solo << 1) & m.Continuation;
                solo |= (solo << 1) & m.Continuation;
                solo |= (solo << 1) & m.Continuation;
            }

            ulong pSolo = Shift(solo, _soloLead);
            _soloLead = solo;
            starts |= m.Letter & ~pLetter & ~pInline & ~pSolo;

            // White space before something else gives its last character away.
            ulong given = inline & ~stops;
            if ((given & m.Continuation) != 0)
            {
                ulong moved = given;
                if (!TryMoveToLeads(ref moved, m.Continuation))
                {
                    return false;
                }

                given = moved;
            }

            starts |= given;

            // A run of newlines that starts at punctuation belongs to it.
            ulong tailStarts = m.Newline & (pPunctuation | ((_tail >> Last) & 1));
            ulong tail = m.Newline & ~(m.Newline + tailStarts);
            ulong pTail = Shift(tail, _tail);
            _tail = tail;
            starts &= ~(m.Newline & pPunctuation);
            if (TFamily.SplitsAtCase && (m.Slash & pTail) != 0)
            {
                return false;
            }

            ulong indents = inline & pNewline;
            starts |= indents;
            ulong candidates = indents & ~pTail;
            if (candidates != 0)
            {
                ulong ends = candidates + inline;
                if ((ends & ~inline & (m.Newline | ~valid)) != 0 || ends < candidates)
                {
                    ulong joined = starts;
                    if (!TryJoinBlankLines(at, candidates, ref joined))
                    {
                        return false;
                    }

                    starts = joined;
                }
            }

            if (m.Number != 0 || _openDigits != 0)
            {
                if (!TryAddDigitGroups(m, ref starts))
                {
                    return false;
                }
            }

            if (TFamily.SplitsAtCase)
            {
                starts |= m.Upper & Shift(m.Lower, _lower);
                if (m.Caseless != 0 || _caseless >> Last != 0)
                {
                    return (m.Upper & Shift(m.Caseless, _caseless)) == 0;
                }
            }

            return true;
        }

        /// <summary>The rules of GPT-2's expression: a space, and nothing else, leads what follows it.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private bool AddSpacedStarts(in BlockMasks m, ulong stops, ulong pSpace, ulong pLetter, ref ulong starts)
        {
            ulong given = m.White & ~stops;
            if ((given & m.Continuation) != 0)
            {
                ulong moved = given;
                if (!TryMoveToLeads(ref moved, m.Continuation))
                {
                    return false;
                }

                given = moved;
            }

            starts |= given | (m.Letter & ~pLetter & ~pSpace);
            starts |= _digitGroup == 0
                ? m.Number & ~Shift(m.Number, _number) & ~pSpace
                : m.Number & ~m.Continuation;
            return true;
        }

        private static bool TryMoveToLeads(ref ulong mask, ulong continuation)
        {
            while ((mask & continuation) != 0)
            {
                if ((mask & continuation & 1) != 0)
                {
                    return false;
                }

                mask = (mask & ~continuation) | ((mask & continuation) >> 1);
            }

            return true;
        }

        /// <summary>White space between newlines is one piece with them, over any number of lines.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private bool TryJoinBlankLines(int at, ulong candidates, ref ulong starts)
        {
            for (ulong rest = candidates; rest != 0; rest &= rest - 1)
            {
                int index = BitOperations.TrailingZeroCount(rest);
                int end = at + index;
                var source = new Utf8Text(text, length);
                while (end < length && (source.ClassAt(end, out int bytes) & (CharClass.White | CharClass.Newline)) == CharClass.White)
                {
                    end += bytes;
                }

                if (end >= length && !final)
                {
                    return false;
                }

                bool joins = end >= length ? _keepsTrailingWhite : (source.ClassAt(end, out _) & CharClass.Newline) != 0;
                if (joins)
                {
                    starts &= ~(1UL << index);
                }
            }

            return true;
        }

        /// <summary>Lets contractions end the words they follow, or stand alone, and start what follows them.</summary>
        [MethodImpl(MethodImplOptions.NoInlining)]
        private ulong MoveContractions(int at, ulong apostrophes, ulong starts)
        {
            for (; apostrophes != 0; apostrophes &= apostrophes - 1)
            {
                int index = BitOperations.TrailingZeroCount(apostrophes);
                int position = at + index;
                if (TFamily.SplitsAtCase && (position == _afterContraction || position == origin))
                {
                    // After a contraction, or at the very start, an apostrophe starts a word of its own.
                    continue;
                }

                var source = new Utf8Text(text, length);
                int contraction = PieceScanner.ContractionLength(source, position, _lowerCaseContractions);
                if (contraction == 0)
                {
                    continue;
                }

                int after = index + contraction;
                _afterContraction = at + after;
                ulong covered = (1UL << contraction) - (TFamily.SplitsAtCase ? 1UL : 2UL);
                starts &= ~(covered << index);
                _cleared |= after > IBlockKernel.BlockLength ? covered >> (IBlockKernel.BlockLength - index) : 0;

                if (at + after < length && (source.ClassAt(at + after, out _) & LetterClasses) != 0)
                {
                    if (after < IBlockKernel.BlockLength)
                    {
                        starts |= 1UL << after;
                    }
                    else
                    {
                        _set |= 1UL << (after - IBlockKernel.BlockLength);
                    }
                }
            }

            return starts;
        }
    }
}
