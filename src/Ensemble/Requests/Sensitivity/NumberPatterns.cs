using System.Buffers;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Ensemble;

/// <summary>Everything that is told by its digits: resident numbers, cards, accounts, telephones.</summary>
internal static class NumberPatterns
{
    /// <summary>The shortest number that any pattern accepts, as digits.</summary>
    public const int FewestDigits = 9;

    /// <summary>The shortest card or resident number, as digits.</summary>
    private const int FewestPrinted = 13;

    /// <summary>The digits of a date of birth; runs of as many or more are numbers too often to be looked at before they are read.</summary>
    private const int LengthOfBirth = 6;

    /// <summary>The longest word that may stand before or after a number without a space.</summary>
    private const int LongestLabel = 24;

    private static readonly SearchValues<char> DecimalDigits = SearchValues.Create("0123456789");

    private static readonly SearchValues<char> HexLetters = SearchValues.Create("abcdefABCDEF");

    /// <summary>Tries all patterns at the first digit of a run.</summary>
    /// <param name="text">The text.</param>
    /// <param name="at">The index of the digit.</param>
    /// <param name="floor">The end of the last match.</param>
    /// <param name="start">Where the match begins.</param>
    /// <param name="end">Where it ends.</param>
    /// <param name="next">Where to go on when nothing matches: behind the run.</param>
    /// <returns>The kind, or none.</returns>
    public static SensitiveData Match(ReadOnlySpan<char> text, int at, int floor, out int start, out int end, out int next)
    {
        start = at;
        end = at;
        next = EndOfRun(text, at);
        if (at >= floor + 2 && CharacterClass.Is(text[at - 1], CharacterClass.Letter))
        {
            if (IbanPattern.TryMatch(text, at, floor, out start, out end))
            {
                return SensitiveData.Iban;
            }

            if (SecretPatterns.TryDigits(text, at, next, floor, out start, out end))
            {
                return SensitiveData.Secret;
            }

            start = at;
        }
        else if (next - at <= 3 && !MayBegin(text, at, next, floor))
        {
            // Most runs are short and begin nothing; what stands before them need not be looked at.
            return SensitiveData.None;
        }

        if (next - at is >= TelegramToken.FewestDigits and <= TelegramToken.MostDigits && TelegramToken.TryMatch(text, at, next, floor, out end))
        {
            return SensitiveData.Secret;
        }

        if (next - at == 6 && next < text.Length && PrintedCard.PartsColumns(text[next]))
        {
            return IsPartedResident(text, at, next, floor, out end) ? SensitiveData.KoreanResidentNumber : SensitiveData.None;
        }

        // Four digits without a plus and a first 0 can only begin a card; most are none, and one look shows it.
        if (next - at == 4 && text[at] is (>= '2' and <= '6') or '9' && (at == floor || text[at - 1] != '+'))
        {
            if (!MayBeGroupedCard(text, at, next, ref end, out bool isCard))
            {
                return isCard && (IsStart(text, at, floor) || IsLabelledByWord(text, at, floor)) ? SensitiveData.PaymentCard : SensitiveData.None;
            }

            return IsStart(text, at, floor) ? MatchGroups(text, at, floor, inside: true, ref start, ref end, ref next) : SensitiveData.None;
        }

        // A number that begins within groups can only be a card or a resident number, or a telephone whose writing differs from what stands before.
        bool inside = at > floor + 1 && IsInsideGroups(text, at);
        bool anew = inside && BeginsAnew(text, at, next);
        if (inside && !anew && !MayBeginInside(text, at, next))
        {
            return SensitiveData.None;
        }

        if (!IsStart(text, at, floor) || IsOfATime(text, at, next, floor))
        {
            return SensitiveData.None;
        }

        if (!MayBegin(text, at, next, floor))
        {
            return next - at == 4 && text[at] == '1' && ServiceNumberPattern.TryMatch(text, at, out end) && (PhoneContext.Speaks(text, at, end) || (PhoneContext.IsKorean(text, at, end) && !PhoneContext.IsLabelled(text, at, end, isOddlyGrouped: true))) ? SensitiveData.Phone : SensitiveData.None;
        }

        if (next - at == 16 && text[at] != '0' && (at == floor || text[at - 1] != '+'))
        {
            end = next;
            return PrintedCard.IsRun(text[at..]) && IsEnd(text, next) ? SensitiveData.PaymentCard : SensitiveData.None;
        }

        return next - at > DigitGroups.MaxDigits ? SensitiveData.None : MatchGroups(text, at, floor, inside && !anew, ref start, ref end, ref next);
    }

    /// <summary>Says whether groups that begin with four digits must be read one by one: most are a card or none at the first look.</summary>
    private static bool MayBeGroupedCard(ReadOnlySpan<char> text, int at, int next, ref int end, out bool isCard)
    {
        isCard = false;
        if (PrintedCard.IsGrouped(text, at, out bool isValid))
        {
            int last = at + PrintedCard.Length;
            if (PrintedCard.PartsColumns(text[next]))
            {
                isCard = isValid && IsAlone(text, at, last, text[next]) && !NumberTable.IsRow(text, at);
                end = isCard ? last : end;
                return false;
            }

            isCard = isValid && IsEnd(text, last);
            end = isCard ? last : end;

            // One of up to 19 digits may go on.
            return !isCard && (last >= text.Length || !char.IsAsciiDigit(text[last])) && DigitGroups.AfterSeparator(text, last, out _) is >= 0 and int more && EndOfRun(text, more) - more < 4;
        }

        if (next < text.Length && text[at] == '3' && PrintedCard.PartsColumns(text[next]))
        {
            int last = at + PrintedCard.LengthOfFifteen;
            isCard = PrintedCard.IsFifteen(text, at) && IsAlone(text, at, last, text[next]);
            end = isCard ? last : end;
            return false;
        }

        return DigitGroups.AfterSeparator(text, next, out _) is >= 0 and int second && EndOfRun(text, second) is var third && third - second is 4 or 6 && DigitGroups.AfterSeparator(text, third, out _) >= 0;
    }

    // "900101,1234568": written so, only the check digit tells it from two numbers.
    private static bool IsPartedResident(ReadOnlySpan<char> text, int at, int next, int floor, out int end)
    {
        end = next + 8;
        if (text[at + 2] > '1' || text[at + 4] > '3' || end > text.Length || text[(next + 1)..end].ContainsAnyExceptInRange('0', '9')
            || !IsAlone(text, at, end, text[next]) || !(IsStart(text, at, floor) || IsLabelledByWord(text, at, floor)))
        {
            return false;
        }

        Span<byte> digits = stackalloc byte[13];
        for (int i = 0; i < digits.Length; i++)
        {
            digits[i] = (byte)(text[at + i + (i < 6 ? 0 : 1)] - '0');
        }

        return ResidentNumberPattern.Matches(digits, [13]);
    }

    /// <summary>Says whether digits that commas, tabs or underscores part are not part of a longer row of such numbers.</summary>
    private static bool IsAlone(ReadOnlySpan<char> text, int start, int end, char parts) =>
        EndsWord(text, end)
        && !(end + 1 < text.Length && text[end] == parts && char.IsAsciiDigit(text[end + 1]))
        && !(start > 1 && text[start - 1] == parts && char.IsAsciiDigit(text[start - 2]));

    // "card_4111_…"
    private static bool IsLabelledByWord(ReadOnlySpan<char> text, int at, int floor) => at > floor + 1 && text[at - 1] == '_' && IsLabel(text, at - 1, floor, fewest: 2);

    private static SensitiveData MatchGroups(ReadOnlySpan<char> text, int at, int floor, bool inside, ref int start, ref int end, ref int next) =>
        next - at < LengthOfBirth && GroupShape.IsNone(text, at, inside, at > floor && text[at - 1] == '+', ref next) ? SensitiveData.None : ReadGroups(text, at, floor, inside, ref start, ref end, ref next);

    /// <summary>Reads the groups that begin at a digit, and tries all patterns with them.</summary>
    internal static SensitiveData ReadGroups(ReadOnlySpan<char> text, int at, int floor, bool inside, ref int start, ref int end, ref int next)
    {
        Span<byte> digits = stackalloc byte[DigitGroups.MaxDigits];
        Span<byte> counts = stackalloc byte[DigitGroups.MaxGroups];
        Span<int> ends = stackalloc int[DigitGroups.MaxGroups];
        DigitGroups groups = DigitGroups.Read(text, at, digits, counts, ends);
        if (groups.Digits.Length < FewestDigits)
        {
            // Too few digits in all the groups are too few in the later ones, so all are passed.
            next = groups.End(groups.Counts.Length - 1);
            return SensitiveData.None;
        }

        for (int group = 0, length = 0; group < groups.Counts.Length; group++)
        {
            length += groups.Counts[group];
            end = groups.End(group);
            if (length < FewestPrinted || !IsEnd(text, end))
            {
                continue;
            }

            if (ResidentNumberPattern.Matches(groups.Digits[..length], groups.Counts[..(group + 1)]))
            {
                return SensitiveData.KoreanResidentNumber;
            }

            if (PaymentCardPattern.Matches(groups.Digits[..length], groups.Counts[..(group + 1)]))
            {
                return SensitiveData.PaymentCard;
            }
        }

        end = groups.End(groups.Counts.Length - 1);
        if (inside)
        {
            return SensitiveData.None;
        }

        bool plus = at > floor && text[at - 1] == '+' && !(at > floor + 1 && (char.IsAsciiLetterOrDigit(text[at - 2]) || text[at - 2] == '+'));
        if ((groups.IsComplete && (EndsWord(text, end) || IsExtension(text, end)) && !(groups.HasSlash && groups.Digits[0] != 0) && PhonePattern.Matches(groups.Digits, groups.Counts, plus)) || EndsBeforeBlank(text, at, groups, plus, out end))
        {
            start = at > floor && text[at - 1] is '+' or '(' ? at - 1 : at;
            return plus || IsLikely(text, start, end, groups) ? SensitiveData.Phone : SensitiveData.None;
        }

        return SensitiveData.None;
    }

    // Digits that begin with 0 are numbers of customers and invoices too; mobile numbers of Korea are told by themselves.
    private static bool IsLikely(ReadOnlySpan<char> text, int start, int end, in DigitGroups groups)
    {
        if (groups.Digits[0] != 0 || PhonePattern.IsKoreanMobile(groups.Digits, groups.Counts))
        {
            return true;
        }

        bool grouped = !IsDigits(text[start..end]);
        return grouped || end - start != 10 ? !PhoneContext.IsLabelled(text, start, end, isOddlyGrouped: groups.Counts[0] > 3) : PhoneContext.Speaks(text, start, end);
    }

    private static bool IsDigits(ReadOnlySpan<char> text) => !text.ContainsAnyExceptInRange('0', '9');

    // "14:00 - 12/11/2024": the minutes or seconds of a time begin no number.
    private static bool IsOfATime(ReadOnlySpan<char> text, int at, int next, int floor) =>
        next - at == 2 && at > floor + 1 && text[at - 1] == ':' && char.IsAsciiDigit(text[at - 2]) && (text[at..next] is "00" || next >= text.Length || text[next] is not ('-' or '.'));

    /// <summary>Tries the groups before each blank: it may also part a telephone number from a number that follows.</summary>
    private static bool EndsBeforeBlank(ReadOnlySpan<char> text, int at, in DigitGroups groups, bool plus, out int end)
    {
        end = at;
        for (int group = 0, length = 0; group < groups.Counts.Length; group++)
        {
            length += groups.Counts[group];
            end = groups.End(group);
            if (length < FewestDigits || end >= text.Length || !(text[end] is ' ' or '\u00A0' or '/' || (text[end] == '.' && end + 1 < text.Length && text[end + 1] == ' ')))
            {
                continue;
            }

            ReadOnlySpan<byte> digits = groups.Digits[..length];
            ReadOnlySpan<byte> counts = groups.Counts[..(group + 1)];
            bool parted = !text[at..end].ContainsAny(' ', '\u00A0', '/');
            if (plus || parted ? PhonePattern.Matches(digits, counts, plus) : PhonePattern.IsKoreanMobile(digits, counts))
            {
                return true;
            }
        }

        return false;
    }

    // "010-1234-5678x12"
    private static bool IsExtension(ReadOnlySpan<char> text, int end) => text[end] is 'x' or 'X' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]);

    /// <summary>Says whether a number behind a blank is written otherwise than with blanks, or begins as Korean mobile numbers do.</summary>
    private static bool BeginsAnew(ReadOnlySpan<char> text, int at, int next) =>
        (next < text.Length && text[next] is '-' or '.' && next - at is 2 or 3 or 4) || (text[at] == '0' && text[at + 1] == '1' && next - at is 3 or 10 or 11);

    /// <summary>
    /// Says whether the first group, and the length of the second, are those that some pattern begins with. A necessary condition only:
    /// it spares the reading of groups that no pattern accepts.
    /// </summary>
    private static bool MayBegin(ReadOnlySpan<char> text, int at, int next, int floor)
    {
        if (at > floor && text[at - 1] == '+')
        {
            return true;
        }

        char first = text[at];
        return (next - at) switch
        {
            1 => first == '1',
            2 => first == '0' || (first == '8' && text[at + 1] == '2'),
            5 => first == '0',
            3 => DigitGroups.AfterSeparator(text, next, out _) is >= 0 and int second && second + 2 < text.Length && char.IsAsciiDigit(text[second + 1]) && char.IsAsciiDigit(text[second + 2]),
            4 => first is not ('1' or '7' or '8'),
            6 => MayBeResident(text, at, next),
            10 or 11 => first == '0',
            12 => first is '0' or '8',
            >= FewestPrinted => true,
            _ => false,
        };
    }

    /// <summary>Says whether the first group has the length and the first digits that a card or a resident number begins with.</summary>
    private static bool MayBeginInside(ReadOnlySpan<char> text, int at, int next) => (next - at) switch
    {
        4 => text[at] is (>= '2' and <= '6') or '9',
        6 => MayBeResident(text, at, next),
        >= 13 => true,
        _ => false,
    };

    /// <summary>Says whether six digits can be a date of birth with seven more behind it.</summary>
    private static bool MayBeResident(ReadOnlySpan<char> text, int at, int next) =>
        text[at + 2] is '0' or '1' && text[at + 4] <= '3'
        && DigitGroups.AfterSeparator(text, next, out _) is >= 0 and int second && second + 6 < text.Length && char.IsAsciiDigit(text[second + 6]);

    private static int EndOfRun(ReadOnlySpan<char> text, int at)
    {
        // Most runs are a few digits long, and eight are seen at once; the search is for the others.
        if (text.Length - at >= Vector128<ushort>.Count)
        {
            Vector128<ushort> values = Vector128.LoadUnsafe(ref Unsafe.As<char, ushort>(ref MemoryMarshal.GetReference(text)), (nuint)at) - Vector128.Create((ushort)'0');
            uint others = Vector128.GreaterThan(values, Vector128.Create((ushort)9)).ExtractMostSignificantBits();
            if (others != 0)
            {
                return at + BitOperations.TrailingZeroCount(others);
            }
        }

        int rest = text[at..].IndexOfAnyExcept(DecimalDigits);
        return rest < 0 ? text.Length : at + rest;
    }

    /// <summary>
    /// A number does not begin inside an identifier, a version or a hexadecimal number, but a word may label it ("card-4111…", "Tel.010-…", "RRN900101-…").
    /// Letters of other scripts may touch it: Korean is written so.
    /// </summary>
    private static bool IsStart(ReadOnlySpan<char> text, int at, int floor)
    {
        if (at == floor)
        {
            return at == 0 || EndsWord(text, at - 1);
        }

        char before = text[at - 1];
        if (!CharacterClass.Is(before, CharacterClass.Word | CharacterClass.LocalMark))
        {
            return true;
        }

        return before switch
        {
            '_' => false,
            '.' => at == floor + 1 || !CharacterClass.Is(text[at - 2], CharacterClass.Word) || IsLabel(text, at - 1, floor, fewest: 1),
            '-' => at == floor + 1 || !CharacterClass.Is(text[at - 2], CharacterClass.Word) || IsLabel(text, at - 1, floor, fewest: 2),
            _ when CharacterClass.Is(before, CharacterClass.Word) => IsLabel(text, at, floor, fewest: 2) || Escape.EndsAt(text, at, floor),
            _ => true,
        };
    }

    /// <summary>Says whether a word of letters ends at an index.</summary>
    private static bool IsLabel(ReadOnlySpan<char> text, int end, int floor, int fewest)
    {
        int start = end;
        int lowest = Math.Max(floor, end - LongestLabel);
        while (start > lowest && CharacterClass.Is(text[start - 1], CharacterClass.Letter))
        {
            start--;
        }

        return end - start >= fewest && EndsWordBefore(text, start);
    }

    private static bool EndsWordBefore(ReadOnlySpan<char> text, int start) => start == 0 || (!CharacterClass.Is(text[start - 1], CharacterClass.Word) && text[start - 1] != '_');

    private static bool IsInsideGroups(ReadOnlySpan<char> text, int at) => at > 1 && text[at - 1] == ' ' && char.IsAsciiDigit(text[at - 2]);

    /// <summary>A number ends before anything but a letter, a digit, or a hyphen or dot with more digits.</summary>
    private static bool IsEnd(ReadOnlySpan<char> text, int end) =>
        EndsWord(text, end) ? !(end + 1 < text.Length && text[end] is '-' or '.' && char.IsAsciiDigit(text[end + 1])) : IsFollowedByWord(text, end);

    /// <summary>Says whether a word of letters touches the end, such as a currency.</summary>
    private static bool IsFollowedByWord(ReadOnlySpan<char> text, int end)
    {
        int last = end;
        int limit = Math.Min(text.Length, end + LongestLabel);
        while (last < limit && CharacterClass.Is(text[last], CharacterClass.Letter))
        {
            last++;
        }

        // Letters that are all hexadecimal digits belong to a digest.
        return last - end >= 2 && EndsWord(text, last) && text[end..last].ContainsAnyExcept(HexLetters);
    }

    private static bool EndsWord(ReadOnlySpan<char> text, int end) => end >= text.Length || (!CharacterClass.Is(text[end], CharacterClass.Word) && text[end] != '_');
}
