using System.Runtime.CompilerServices;

namespace Ensemble;

/// <summary>
/// Which runs of digits can begin something, for 64 characters at once: bit n of each mask is about the nth character. Only what
/// <see cref="NumberPatterns.Match"/> would pass at the end of the run is left out, so that it finds the same with fewer looks.
/// </summary>
internal ref struct NumberStops
{
    /// <summary>Digits; and of them 0, 1, 8, those that a card in groups begins with, and the second ones of numbers of services.</summary>
    public ulong Digits, Zeros, Ones, Eights, CardFirsts, ServiceSeconds;

    /// <summary>What can part groups, and what parts columns.</summary>
    public ulong Separators, Commas, Tabs, Underscores;

    public ulong Letters, Pluses;

    /// <summary>Of the separators those that stand inside a number, and the blank.</summary>
    public ulong HyphensAndDots, Blanks;

    /// <summary>M, N and O, with which each four characters of a number in Base64 begin.</summary>
    public ulong Base64Firsts;

    /// <summary>Finds the first digits of the runs that can begin something.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public readonly ulong Find()
    {
        // Runs by the number of their digits.
        ulong d = Digits;
        ulong begins = d & ~(d << 1);
        ulong two = begins & (d >> 1);
        ulong three = two & (d >> 2);
        ulong four = three & (d >> 3);
        ulong five = four & (d >> 4);
        ulong six = five & (d >> 5);
        ulong seven = six & (d >> 6);
        ulong of1 = begins & ~two;
        ulong of2 = two & ~three;
        ulong of3 = three & ~four;
        ulong of4 = four & ~five;
        ulong of5 = five & ~six;
        ulong of6 = six & ~seven;

        // A separator with a digit or another one behind it.
        ulong s = Separators;
        ulong parts = s & ((d | s) >> 1);
        ulong columns = Commas | Tabs | Underscores;
        ulong plus = Pluses << 1;

        // Behind a hyphen or a dot and a digit nothing begins, and behind a blank and a digit only what is written otherwise.
        ulong starts = ~((HyphensAndDots << 1) & (d << 2));
        ulong inside = (Blanks << 1) & (d << 2);
        ulong anew2 = ~inside | (HyphensAndDots >> 2);
        ulong anew3 = ~inside | (HyphensAndDots >> 3) | (Zeros & (Ones >> 1));
        ulong anew4 = ~inside | (HyphensAndDots >> 4);

        // Telephone numbers and resident numbers by their first groups. Groups of too few digits are passed together when they are read, so they must be where
        // what follows them could be taken for something by itself: a long run, or columns, or what lies beyond the window.
        ulong any = (seven | ((columns | (s & (s >> 1))) & (d << 1))) != 0 ? ulong.MaxValue : 0;
        ulong abroad = any | (Zeros & (Zeros >> 1));
        ulong first1 = of1 & parts >> 1 & ~inside & ((Ones & (any | (s >> 2) | (of1 >> 2) | (of3 >> 2))) | plus);
        ulong first2 = of2 & parts >> 2 & anew2 & ((Zeros & (abroad | (s >> 3) | (two >> 3))) | (Eights & (any | (s >> 3) | (of2 >> 3))) | plus);
        ulong national3 = Zeros & (abroad | (s >> 4) | (three >> 4));
        ulong grouped3 = ~Zeros & (any | (s >> 4) | (of3 >> 4 & s >> 7 & ((s >> 8) | (of4 >> 8))) | (Ones & of4 >> 4 & s >> 8 & ((s >> 9) | (of4 >> 9))));
        ulong first3 = of3 & parts >> 3 & anew3 & ((((s >> 4) | (three >> 4)) & (national3 | grouped3)) | plus);
        ulong first4 = of4 & parts >> 4 & ((anew4 & ((Zeros & (abroad | (s >> 5) | (three >> 5))) | (Ones & (ServiceSeconds >> 1)))) | plus);
        ulong first5 = of5 & parts >> 5 & ~inside & ((Zeros & (abroad | (s >> 6) | (three >> 6))) | plus);
        ulong first6 = of6 & (((Zeros | Ones) >> 2 & ((s | columns) >> 6)) | (plus & (parts >> 6)));
        ulong found = first1 | first2 | first3 | first4 | first5 | first6;

        // Cards in four groups or in three; groups that more than one character parts are left to the reading.
        ulong inGroups = ((s >> 4) & (s >> 5)) | ((s >> 4) & (of4 >> 5) & (s >> 9) & ((s >> 10) | (of4 >> 10 & (parts >> 14)) | (five >> 10))) | ((s >> 4) & (of6 >> 5) & (parts >> 11));
        ulong inRow = (of4 >> 5) & (columns >> 9) & (of4 >> 10) & (columns >> 14) & (four >> 15)
            & ~((d << 2) & (((Commas << 1) & (Commas >> 4)) | ((Tabs << 1) & (Tabs >> 4)) | ((Underscores << 1) & (Underscores >> 4))))
            & ~((d >> 20) & (((Commas >> 19) & (Commas >> 4)) | ((Tabs >> 19) & (Tabs >> 4)) | ((Underscores >> 19) & (Underscores >> 4))));
        ulong inColumns = (columns >> 4) & (inRow | ((of6 >> 5) & (columns >> 11) & (five >> 12)));
        found |= of4 & CardFirsts & (inGroups | inColumns);
        found = (found & starts) | seven;

        // Accounts: two letters and two digits, then groups of four.
        ulong letter = Letters << 1;
        ulong words = Letters | d;
        ulong group = words & (words >> 1);
        group &= group >> 2;
        ulong next = group | (s & (group >> 1));
        ulong chain = group & (next >> 4);
        found |= two & letter & (Letters << 2) & ((chain >> 2) | ((s >> 2) & (chain >> 3)));

        // Tokens of Discord.
        return found | (of1 & letter & (Base64Firsts << 3) & ((Base64Firsts | s) >> 1));
    }
}
