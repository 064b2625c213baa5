using CsCheck;

namespace Ensemble.Tests.Requests;

internal sealed class SensitiveDataScannerTests
{
    private static readonly string[] Samples =
    [
        "anna.kim+test@mail.example.co.kr", "010-1234-5678", "+82 10-1234-5678", "4111 1111 1111 1111", "378282246310005",
        "GB82 WEST 1234 5698 7654 32", "900101-1234568", "AKIAIOSFODNN7EXAMPLE", "ghp_0123456789abcdefghijABCDEFGHIJ012345",
        "sk-proj-abcdefghijklmnopqrstuvwxyz012345", "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U",
    ];

    private static readonly Gen<string> Noise = Gen.OneOf(
        Gen.String[Gen.Char["0123456789-. ()+@_"], 0, 40],
        Gen.String[Gen.Char["aekJKSIzsxopghybt_-@.019ABZ "], 0, 40],
        Gen.String[Gen.Char["가나다라 .,-1290"], 0, 40],
        Gen.String[0, 40],
        Gen.Int[0, Samples.Length - 1].Select(i => Samples[i]));

    [TestCase("write to anna@example.com today", "anna@example.com")]
    [TestCase("주소는 kim.chul@naver.com으로 보내세요", "kim.chul@naver.com")]
    [TestCase("메일user@한국.kr", "user@한국.kr")]
    [TestCase("first.last+tag@sub.example.co.uk.", "first.last+tag@sub.example.co.uk")]
    [TestCase("<a_b%c@xn--bcher-kva.example>", "a_b%c@xn--bcher-kva.example")]
    [TestCase("mail 'o'neil@example.org'", "o'neil@example.org")]
    [TestCase("x@163.com", "x@163.com")]
    [TestCase("a@b.io,c", "a@b.io")]
    public void Emails_AreFound(string text, string expected) => AssertOnly(text, SensitiveData.Email, expected);

    [TestCase("user@localhost")]
    [TestCase("@decorator.example")]
    [TestCase("icon@2x.png")]
    [TestCase("node@18.0.0")]
    [TestCase("left-pad@1.3.0-beta.rc")]
    [TestCase("git@github.com:owner/repo.git")]
    [TestCase("a@b.c")]
    [TestCase("dot.@example.com")]
    [TestCase("a @ b.com")]
    [TestCase("a@.com")]
    [TestCase("a@b..com")]
    [TestCase("a@-b.com")]
    [TestCase("price@12.50")]
    public void WhatOnlyLooksLikeAnEmail_IsNot(string text) => AssertNothing(text);

    [TestCase("call 010-1234-5678 now", "010-1234-5678")]
    [TestCase("01012345678입니다", "01012345678")]
    [TestCase("전화010 1234 5678", "010 1234 5678")]
    [TestCase("011-234-5678", "011-234-5678")]
    [TestCase("(02) 123-4567", "(02) 123-4567")]
    [TestCase("031-123-4567", "031-123-4567")]
    [TestCase("+82 10-1234-5678", "+82 10-1234-5678")]
    [TestCase("+821012345678", "+821012345678")]
    [TestCase("+1 (212) 555-0100", "+1")]
    [TestCase("(212) 555-0100", "(212) 555-0100")]
    [TestCase("212-555-0100", "212-555-0100")]
    [TestCase("1-800-555-0199", "1-800-555-0199")]
    [TestCase("01 23 45 67 89", "01 23 45 67 89")]
    [TestCase("020 7946 0958", "020 7946 0958")]
    [TestCase("030 1234567.", "030 1234567")]
    [TestCase("+49.30.12345678", "+49.30.12345678")]
    public void Phones_AreFound(string text, string expected)
    {
        SensitiveData kinds = SensitiveDataScanner.Scan(text);
        Assert.That(kinds, Is.EqualTo(SensitiveData.Phone));
        Assert.That(text, Does.Contain(expected));
    }

    [TestCase("2026-11-25 14:30:00")]
    [TestCase("01.02.2023 14:30")]
    [TestCase("25-11-2026 09:15:22")]
    [TestCase("192.168.100.200")]
    [TestCase("10.0.0.1 255.255.255.0")]
    [TestCase("v1.2.3.4567890123")]
    [TestCase("123-456-7890")]
    [TestCase("1234567890")]
    [TestCase("0.123456789")]
    [TestCase("C++123456789")]
    [TestCase("550e8400-e29b-41d4-a716-446655440000")]
    [TestCase("order 20261125-0001")]
    [TestCase("00 12 34 56 78")]
    [TestCase("01 02 03 04 05 06 07")]
    [TestCase("1588-1600")]
    [TestCase("ISBN 978-3-16-148410-0")]
    [TestCase("1,000,000 and 2 000 000")]
    [TestCase("row_0101234567")]
    public void WhatOnlyLooksLikeAPhone_IsNot(string text) => AssertNothing(text);

    [TestCase("4111111111111111", "4111111111111111")]
    [TestCase("pay with 4111 1111 1111 1111.", "4111 1111 1111 1111")]
    [TestCase("5555-5555-5555-4444 12/27", "5555-5555-5555-4444")]
    [TestCase("5555 5555 5555 4444 12/27", "5555 5555 5555 4444")]
    [TestCase("3782 822463 10005", "3782 822463 10005")]
    [TestCase("30569309025904", "30569309025904")]
    [TestCase("카드6011111111111117로", "6011111111111117")]
    [TestCase("3530111333300000", "3530111333300000")]
    [TestCase("2223003122003222", "2223003122003222")]
    [TestCase("no. 3 4111 1111 1111 1111", "4111 1111 1111 1111")]
    [TestCase("4111_1111_1111_1111", "4111_1111_1111_1111")]
    [TestCase("card_4111_1111_1111_1111", "4111_1111_1111_1111")]
    [TestCase("Ada,4111,1111,1111,1111,Visa", "4111,1111,1111,1111")]
    [TestCase("4111\t1111\t1111\t1111", "4111\t1111\t1111\t1111")]
    [TestCase("3714,496353,98431", "3714,496353,98431")]
    [TestCase("5555 5555 5555 5555 4444", "5555 5555 5555 4444")]
    [TestCase("4111-1111 1111-1111", "4111-1111 1111-1111")]
    [TestCase("4111  1111  1111  1111", "4111  1111  1111  1111")]
    [TestCase("6304 0000 0000 0000", "6304 0000 0000 0000")]
    public void Cards_AreFound(string text, string expected) => AssertOnly(text, SensitiveData.PaymentCard, expected);

    [TestCase("4111111111111112")]
    [TestCase("41111111111111110")]
    [TestCase("1234567812345670")]
    [TestCase("x4111111111111111")]
    [TestCase("4111111111111111x")]
    [TestCase("4111_1111_1111_1112")]
    [TestCase("4111,1111,1111,1111,1111")]
    [TestCase("1111,4111,1111,1111,1111")]
    [TestCase("4111\t1111\t1111\t1111\t12")]
    [TestCase("4111,1111_1111,1111")]
    [TestCase("4111_1111_1111_1111_final")]
    [TestCase("4111,1111,1111,11111")]
    [TestCase("3714,496353,98432")]
    [TestCase("3714,496353,98431,1")]
    [TestCase("411 1111 1111 11111")]
    [TestCase("a-4111111111111111")]
    [TestCase("4111111111111111-1")]
    [TestCase("0000000000000000")]
    [TestCase("1732567890123")]
    public void WhatOnlyLooksLikeACard_IsNot(string text) => AssertNothing(text);

    [TestCase("IBAN GB82WEST12345698765432", "GB82WEST12345698765432")]
    [TestCase("GB82 WEST 1234 5698 7654 32", "GB82 WEST 1234 5698 7654 32")]
    [TestCase("DE89370400440532013000,", "DE89370400440532013000")]
    [TestCase("FR14 2004 1010 0505 0001 3M02 606", "FR14 2004 1010 0505 0001 3M02 606")]
    [TestCase("NO9386011117947", "NO9386011117947")]
    [TestCase("계좌DE89370400440532013000로", "DE89370400440532013000")]
    public void Ibans_AreFound(string text, string expected) => AssertOnly(text, SensitiveData.Iban, expected);

    [TestCase("GB82WEST12345698765433")]
    [TestCase("DE8937040044053201300")]
    [TestCase("DE893704004405320130001")]
    [TestCase("XX82WEST12345698765432")]
    [TestCase("US64SVBKUS6S3300958879")]
    [TestCase("ABDE89370400440532013000")]
    [TestCase("DE89 37 0400440532013000")]
    [TestCase("SE45")]
    public void WhatOnlyLooksLikeAnIban_IsNot(string text) => AssertNothing(text);

    [TestCase("주민번호 900101-1234568", "900101-1234568")]
    [TestCase("9001011234568", "9001011234568")]
    [TestCase("900101 1234568이고", "900101 1234568")]
    [TestCase("201125-3123456", "201125-3123456")]
    public void ResidentNumbers_AreFound(string text, string expected) => AssertOnly(text, SensitiveData.KoreanResidentNumber, expected);

    [TestCase("900101-1234567")]
    [TestCase("901301-1234568")]
    [TestCase("900230-1234568")]
    [TestCase("900101-123456")]
    [TestCase("900101-12345680")]
    [TestCase("2011253123456")]
    [TestCase("200925-3123456")]
    [TestCase("a900101-1234568")]
    public void WhatOnlyLooksLikeAResidentNumber_IsNot(string text) => AssertNothing(text);

    [TestCase("AKIAIOSFODNN7EXAMPLE")]
    [TestCase("ASIAIOSFODNN7EXAMPLE")]
    [TestCase("ghp_0123456789abcdefghijABCDEFGHIJ012345")]
    [TestCase("ghs_0123456789abcdefghijABCDEFGHIJ012345")]
    [TestCase("github_pat_11ABCDEFG0123456789abc_0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVW")]
    [TestCase("glpat-ABCDEFGHIJ0123456789")]
    [TestCase("sk-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKL")]
    [TestCase("sk-proj-abcdef_GHIJKL-0123456789abcdef")]
    [TestCase("sk-ant-api03-abcdef_GHIJKL-0123456789abcdef")]
    [TestCase("xoxb-123456789012-abcdefghijkl")]
    [TestCase("sk_live_0123456789abcdefABCDEF")]
    [TestCase("npm_0123456789abcdefghijABCDEFGHIJ012345")]
    [TestCase("AIzaSyA0123456789abcdefghijklmnopqrstuv")]
    [TestCase("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N_XgL0n3I9PlFUP0THsR8U")]
    [TestCase("-----BEGIN PRIVATE KEY")]
    [TestCase("-----BEGIN OPENSSH PRIVATE KEY")]
    [TestCase("-----BEGIN RSA PRIVATE KEY")]
    public void Secrets_AreFound_BareAndInQuotes(string secret)
    {
        AssertOnly(secret, SensitiveData.Secret, secret);
        AssertOnly($"key = \"{secret}\";", SensitiveData.Secret, secret);
        AssertOnly($"열쇠는{secret} 입니다", SensitiveData.Secret, secret);
    }

    [TestCase("AKIAIOSFODNN7EXAMPL")]
    [TestCase("AKIAIOSFODNN7EXAMPLEX")]
    [TestCase("xAKIAIOSFODNN7EXAMPLE")]
    [TestCase("AKIA IS A PREFIX OF KEYS")]
    [TestCase("ghp_short")]
    [TestCase("ghx_0123456789abcdefghijABCDEFGHIJ012345")]
    [TestCase("sk-learn and scikit-learn")]
    [TestCase("risk-averse-people-take-fewer-chances-than-others")]
    [TestCase("task-0123456789abcdef0123456789abcdef")]
    [TestCase("xoxb-token")]
    [TestCase("eyJhbGciOiJIUzI1NiJ9")]
    [TestCase("eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0")]
    [TestCase("-----BEGIN PUBLIC KEY-----")]
    [TestCase("-----BEGIN CERTIFICATE-----")]
    [TestCase("---- BEGIN PRIVATE KEY ----")]
    [TestCase("-------------------------")]
    [TestCase("AIzaShort")]
    [TestCase("sk_test_only")]
    public void WhatOnlyLooksLikeASecret_IsNot(string text) => AssertNothing(text);

    [Test]
    public void Matches_OfOneText_AreInOrderAndOfAllKinds()
    {
        List<SensitiveData> kinds = [];
        foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(string.Join("; ", Samples)))
        {
            kinds.Add(match.Kind);
        }

        Assert.That(kinds, Is.EqualTo(new[]
        {
            SensitiveData.Email, SensitiveData.Phone, SensitiveData.Phone, SensitiveData.PaymentCard, SensitiveData.PaymentCard, SensitiveData.Iban,
            SensitiveData.KoreanResidentNumber, SensitiveData.Secret, SensitiveData.Secret, SensitiveData.Secret, SensitiveData.Secret,
        }));
    }

    [Test]
    public void SixteenDigits_AreACardByOneLook_ExactlyWhenTheirDigitsSaySo() =>
        Gen.Select(Gen.Byte[0, 9].Array[16], Gen.Char[" -./,\t_"], Gen.Int[0, 9]).Sample(
            (digits, parts, digit) =>
            {
                // Half of them get a check digit that may be right.
                digits[15] = (byte)digit;
                string run = string.Concat(digits);
                string grouped = string.Join(parts, run[..4], run[4..8], run[8..12], run[12..]);
                bool isCard = PaymentCardPattern.Matches(digits, [4, 4, 4, 4]);
                return PrintedCard.IsGrouped(grouped, 0, out bool isValid) && isValid == isCard && PrintedCard.IsRun(run) == isCard
                    && !PrintedCard.IsGrouped(grouped.Replace(run[3], 'x'), 0, out _) && !PrintedCard.IsGrouped(grouped.AsSpan(1), 0, out _);
            },
            iter: 3_000);

    [Test]
    public void Scan_WithWantedKinds_StopsOnceTheyAreFound()
    {
        const string Text = "a@example.com then 4111111111111111";
        Assert.That(SensitiveDataScanner.Scan(Text, SensitiveData.Email), Is.EqualTo(SensitiveData.Email));
        Assert.That(SensitiveDataScanner.Scan(Text, SensitiveData.PaymentCard), Is.EqualTo(SensitiveData.Email | SensitiveData.PaymentCard));
    }

    [Test]
    public void AnyText_GivesMatchesInsideItThatDoNotOverlap() =>
        Noise.Array[1, 12].Select(parts => string.Concat(parts)).Sample(
            text =>
            {
                int last = 0;
                foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(text))
                {
                    Assert.That(match.Start, Is.GreaterThanOrEqualTo(last));
                    Assert.That(match.Length, Is.GreaterThan(0));
                    last = match.Start + match.Length;
                    Assert.That(last, Is.LessThanOrEqualTo(text.Length));
                }
            },
            iter: 20_000);

    [Test]
    public void ASample_InAnyNoise_IsFound_WhenSpacesAndALetterPartIt() =>
        Gen.Select(Noise, Gen.Int[0, Samples.Length - 1], Noise).Sample(
            (before, index, after) =>
            {
                string text = $"{before} ; {Samples[index]} ; {after}";
                SensitiveData expected = SensitiveDataScanner.Scan(Samples[index]);
                return expected != SensitiveData.None && (SensitiveDataScanner.Scan(text) & expected) == expected;
            },
            iter: 20_000);

    [Test]
    public void Scan_AllocatesNothing()
    {
        string text = string.Concat(Enumerable.Repeat(string.Join(" words in between, 12.5 % of it; ", Samples), 20));
        SensitiveData kinds = SensitiveData.None;
        Assert.That(Allocation.Of(() => kinds = All()), Is.Zero);
        Assert.That(kinds, Is.EqualTo(SensitiveData.All & ~(SensitiveData.Custom | SensitiveData.Unreadable)));

        SensitiveData All()
        {
            SensitiveData found = SensitiveData.None;
            foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(text))
            {
                found |= match.Kind;
            }

            return found;
        }
    }

    private static void AssertOnly(string text, SensitiveData kind, string expected)
    {
        List<(SensitiveData, string)> found = [];
        foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(text))
        {
            found.Add((match.Kind, text.Substring(match.Start, match.Length)));
        }

        Assert.That(found, Is.EqualTo(new[] { (kind, expected) }));
    }

    private static void AssertNothing(string text) => Assert.That(SensitiveDataScanner.Scan(text), Is.EqualTo(SensitiveData.None));
}
