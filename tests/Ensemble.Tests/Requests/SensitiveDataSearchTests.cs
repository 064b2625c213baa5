using CsCheck;

namespace Ensemble.Tests.Requests;

/// <summary>The search of many places at once finds what the look at each place finds, wherever in a text it stands.</summary>
internal sealed class SensitiveDataSearchTests
{
    private static readonly string[] Pieces =
    [
        "anna.kim@mail.example.co.kr", "a@b.co", "가@나다.라마", "a@b.c", "icon@2x.png", "\"john doe\"@example.com", "010-1234-5678", "02 123 4567", "(02) 123-4567", "01 23 45 67 89", "+82 10-1234-5678", "0082 10-1234-5678",
        "1 212 555 1234", "212-555-1234", "1588-1234", "no 02-123-4567", "전화 1588-1234", "0612345678", "4111 1111 1111 1111", "4111-1111-1111-1112", "4111,1111,1111,1111", "3782,822463,10005", "3782 822463 10005", "4111 1111-1111 1111", "6011 1111 1111 1117 123",
        "4111111111111111", "900101-1234568", "900101,1234568", "001231-3123456", "GB82 WEST 1234 5698 7654 32", "DE89370400440532013000", "DE12 3456", "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "sk-proj-abcdefghijklmnopqrstuvwxyz012345", "sk-", "xoxb-0123456789abcdefghij", "a_sk-abcdefghijklmnopqrstuvwxyz0123456789", "SG.0123456789abcdefghijAB.0123456789abcdefghijABCDEFGHIJ0123456789abc", "AIzaSyA0123456789abcdefghijABCDEFGHIJ01",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U", "ya29.0123456789abcdefghijkl", "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaaaaA.aaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "123456789:AAabcdefghijklmnopqrstuvwxyzabcdefg",
        "-----BEGIN RSA PRIVATE KEY-----", "Password=abcd1;", "AccountKey=abcdefghijABCDEFGHIJ0123456789abcdefghijABCD==", "&sig=abcdefghijABCDEFGHIJ0123456789abcdefghijABCD", "password: hunter22", "비밀번호: abc123", "\\n010-1234-5678", "1\u00A0212\u00A0555\u00A01234",

        // The address begins within the password, and is found anew behind it.
        $"password: hunter2'{new string('a', 44)}_a_a_a_a_a_a_a_a@b.co",
    ];

    private static readonly string[] Between = [" ", "-", ".", "/", ",", "\t", "\n", "_", "+", "(", ")", ") (", "x", "12", "0", "1/1/1/", " 4444 ", "가"];

    private static readonly Gen<string> Mixed = Gen.OneOf(
        OneOf(Pieces),
        OneOf(Between),
        Gen.Int[0, 9999].Select(number => $"{number}"),
        Gen.Int[1000, 9999].Select(number => $"{number} "),
        Gen.String[Gen.Char["0123456789 -./(),_+:"], 0, 20]).Array[1, 12].Select(string.Concat);

    // Signs that begin nothing, but make the search look at many places at once.
    private static readonly string Dense = new('=', 80);

    [TestCaseSource(nameof(Pieces))]
    public void WhatIsFound_DoesNotDependOnItsPlace(string piece)
    {
        List<SensitiveMatch> expected = Find($"={Dense}\n{piece}\n{Dense}", isPlain: true);
        for (int shift = 1; shift <= 2 * ScanStops.Covered; shift++)
        {
            List<SensitiveMatch> found = Find($"{new string('=', shift)}{Dense}\n{piece}\n{Dense}", isPlain: false);
            Assert.That(found, Is.EqualTo(expected.Select(match => new SensitiveMatch(match.Kind, match.Start + shift - 1, match.Length))), $"shifted by {shift}");
        }
    }

    [Test]
    public void ManyPlacesAtOnce_FindWhatEachPlaceFinds() =>
        Mixed.Sample(text => Find(Dense + text + Dense, isPlain: false).SequenceEqual(Find(Dense + text + Dense, isPlain: true)), iter: 3_000);

    [Test]
    public void GroupsThatAreNoneByTheirLengths_AreNoneWhenRead() =>
        Gen.Select(Gen.Select(OneOf(1, 2, 3, 3, 4, 4, 6, 7), OneOf(' ', ' ', '-', '.', '/', '(', ',')).Array[1, 9], OneOf("0", "01", "1", "82", "4", "2"), Gen.Bool).Sample(
            (groups, first, inside) =>
            {
                string text = $"{first}{string.Concat(groups.Select((group, index) => new string((char)('1' + index), group.Item1) + group.Item2))}{Dense}";
                int next = 0;
                if (!GroupShape.IsNone(text, 0, inside, plus: false, ref next))
                {
                    return true;
                }

                (int start, int end, int read) = (0, 0, 0);
                return NumberPatterns.ReadGroups(text, 0, 0, inside, ref start, ref end, ref read) == SensitiveData.None && read == next;
            },
            iter: 20_000);

    [Test]
    public void SecretsNamedInKoreanAndInAscii_AreFoundInTheirOrder()
    {
        string text = string.Concat(Enumerable.Repeat("비밀번호: abc123 ; ", 5)) + "password: hunter22 ; " + string.Concat(Enumerable.Repeat("비밀번호: abc123 ; ", 5)) + "password: hunter33";
        IEnumerable<string> found = Find(text, isPlain: false).Select(match => text.Substring(match.Start, match.Length));
        Assert.That(found, Is.EqualTo([.. Enumerable.Repeat("abc123", 5), "hunter22", .. Enumerable.Repeat("abc123", 5), "hunter33"]));
    }

    private static Gen<T> OneOf<T>(params T[] values) => Gen.Int[0, values.Length - 1].Select(index => values[index]);

    private static List<SensitiveMatch> Find(string text, bool isPlain)
    {
        List<SensitiveMatch> found = [];
        SensitiveDataEnumerator matches = new(text, isPlain);
        while (matches.MoveNext())
        {
            found.Add(matches.Current);
        }

        return found;
    }
}
