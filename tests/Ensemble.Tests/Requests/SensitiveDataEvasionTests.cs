using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Requests;

/// <summary>Writings that people, keyboards and tools really produce, and that a pattern for tidy text would miss.</summary>
internal sealed class SensitiveDataEvasionTests
{
    private const string Secret = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghij";

    [TestCase("ada@example.com:hunter2", SensitiveData.Email)]
    [TestCase("From ada@example.com:please call", SensitiveData.Email)]
    [TestCase("josé@example.com", SensitiveData.Email)]
    [TestCase("홍길동@example.com", SensitiveData.Email)]
    [TestCase("ada@пример.рф", SensitiveData.Email)]
    [TestCase("ada@회사.한국", SensitiveData.Email)]
    [TestCase("ada＠example.com", SensitiveData.Email)]
    [TestCase("ada@exa\u200Bmple.com", SensitiveData.Email)]
    [TestCase("Tel.010-1234-5678", SensitiveData.Phone)]
    [TestCase("T.010-1234-5678", SensitiveData.Phone)]
    [TestCase("M.02-123-4567", SensitiveData.Phone)]
    [TestCase("tel-010-1234-5678", SensitiveData.Phone)]
    [TestCase("+44 (0)20 7946 0958", SensitiveData.Phone)]
    [TestCase("+49 (0)30 1234567", SensitiveData.Phone)]
    [TestCase("+82 (0)10-1234-5678", SensitiveData.Phone)]
    [TestCase("030/1234567", SensitiveData.Phone)]
    [TestCase("010–1234–5678", SensitiveData.Phone)]
    [TestCase("010 - 1234 - 5678", SensitiveData.Phone)]
    [TestCase("010  1234  5678", SensitiveData.Phone)]
    [TestCase("０１０-１２３４-５６７８", SensitiveData.Phone)]
    [TestCase("0\u200B10-12\u200D34-5678", SensitiveData.Phone)]
    [TestCase("010-12\u000034-567\u200B8", SensitiveData.Phone)]
    [TestCase("ada@example\u0000.com\u200B", SensitiveData.Email)]
    [TestCase("010-12\u000034-5678", SensitiveData.Phone)]
    [TestCase("a\u0000d\u0000a\u0000@\u0000e\u0000x\u0000.\u0000c\u0000o\u0000m\u0000", SensitiveData.Email)]
    [TestCase("tel:\\n010-1234-5678", SensitiveData.Phone)]
    [TestCase("no.900101-1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("RRN900101-1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("900101–1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("900101 - 1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("９００１０１-１２３４５６８", SensitiveData.KoreanResidentNumber)]
    [TestCase("850101-5123456", SensitiveData.KoreanResidentNumber)]
    [TestCase("x\\n900101-1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("card-4111111111111111", SensitiveData.PaymentCard)]
    [TestCase("PAN.4111111111111111", SensitiveData.PaymentCard)]
    [TestCase("card4111111111111111", SensitiveData.PaymentCard)]
    [TestCase("4111111111111111USD", SensitiveData.PaymentCard)]
    [TestCase("4111–1111–1111–1111", SensitiveData.PaymentCard)]
    [TestCase("4111\u20091111\u20091111\u20091111", SensitiveData.PaymentCard)]
    [TestCase("4111\u30001111\u30001111\u30001111", SensitiveData.PaymentCard)]
    [TestCase("４１１１ １１１１ １１１１ １１１１", SensitiveData.PaymentCard)]
    [TestCase("pay\\r\\n4111 1111 1111 1111", SensitiveData.PaymentCard)]
    [TestCase("de89370400440532013000", SensitiveData.Iban)]
    [TestCase("DE89-3704-0044-0532-0130-00", SensitiveData.Iban)]
    [TestCase("DE89\u00A03704\u00A00044\u00A00532\u00A00130\u00A000", SensitiveData.Iban)]
    [TestCase("iban:\\tDE89370400440532013000", SensitiveData.Iban)]
    [TestCase("sk-or-v1-" + Secret, SensitiveData.Secret)]
    [TestCase("gsk_" + Secret, SensitiveData.Secret)]
    [TestCase("xai-" + Secret, SensitiveData.Secret)]
    [TestCase("hf_abcdefghijklmnopqrstuvwxyzABCDEFGH", SensitiveData.Secret)]
    [TestCase("sk_test_0123456789abcdefABCDEF", SensitiveData.Secret)]
    [TestCase("SG.abcdefghijklmnopqrstuv.abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQ", SensitiveData.Secret)]
    [TestCase("KEY\\nsk-proj-abcdefghijklmnopqrstuvwxyz012345", SensitiveData.Secret)]
    [TestCase("DefaultEndpointsProtocol=https;AccountKey=" + Secret + "==;EndpointSuffix=x", SensitiveData.Secret)]
    [TestCase("aws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", SensitiveData.Secret)]
    [TestCase("Server=db;User Id=ada;Password=hunter22;Encrypt=true", SensitiveData.Secret)]
    [TestCase("jose\u0301@example.com", SensitiveData.Email)]
    [TestCase("ada@exam\u2060ple.com", SensitiveData.Email)]
    [TestCase("𝐚𝐝𝐚@𝐞𝐱𝐚𝐦𝐩𝐥𝐞.𝐜𝐨𝐦", SensitiveData.Email)]
    [TestCase("٠١٠-١٢٣٤-٥٦٧٨", SensitiveData.Phone)]
    [TestCase("०१०-१२३४-५६७८", SensitiveData.Phone)]
    [TestCase("۰۱۰۱۲۳۴۵۶۷۸", SensitiveData.Phone)]
    [TestCase("𝟎𝟏𝟎-𝟏𝟐𝟑𝟒-𝟓𝟔𝟕𝟖", SensitiveData.Phone)]
    [TestCase("010—1234—5678", SensitiveData.Phone)]
    [TestCase("010·1234·5678", SensitiveData.Phone)]
    [TestCase("\u202E010-1234\u202C-5678", SensitiveData.Phone)]
    [TestCase("고객센터 1588-1234로", SensitiveData.Phone)]
    [TestCase("1577.0000", SensitiveData.Phone)]
    [TestCase("02-1234-5678 0212345678", SensitiveData.Phone)]
    [TestCase("0212345678", SensitiveData.Phone)]
    [TestCase("010-1234-5678 010-8765-4321", SensitiveData.Phone)]
    [TestCase("010 1234 5678 010 8765 4321", SensitiveData.Phone)]
    [TestCase("call 010-1234-5678 24 hours", SensitiveData.Phone)]
    [TestCase("room 12 010-1234-5678", SensitiveData.Phone)]
    [TestCase("5 01012345678", SensitiveData.Phone)]
    [TestCase("2 212-555-0100 5", SensitiveData.Phone)]
    [TestCase("1 02-123-4567 2026", SensitiveData.Phone)]
    [TestCase("4111 1111 1111 1111 010-1234-5678", SensitiveData.PaymentCard | SensitiveData.Phone)]
    [TestCase("010-1234-5678 4111111111111111", SensitiveData.PaymentCard | SensitiveData.Phone)]
    [TestCase("03112345678", SensitiveData.Phone)]
    [TestCase("0301234567", SensitiveData.Phone)]
    [TestCase("07012345678", SensitiveData.Phone)]
    [TestCase("4111·1111·1111·1111", SensitiveData.PaymentCard)]
    [TestCase("0️⃣1️⃣0️⃣-1️⃣2️⃣3️⃣4️⃣-5️⃣6️⃣7️⃣8️⃣", SensitiveData.Phone)]
    [TestCase("00821012345678", SensitiveData.Phone)]
    [TestCase("0082-10-1234-5678", SensitiveData.Phone)]
    [TestCase("82-10-1234-5678", SensitiveData.Phone)]
    [TestCase("821012345678", SensitiveData.Phone)]
    [TestCase("07700900123", SensitiveData.Phone)]
    [TestCase("09012345678", SensitiveData.Phone)]
    [TestCase("138 1234 5678", SensitiveData.Phone)]
    [TestCase("02-123-4567x89", SensitiveData.Phone)]
    [TestCase("010-1234-5678. 2 items", SensitiveData.Phone)]
    [TestCase("900101 — 1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("dop_v1_0123456789abcdef0123456789abcdef0123456789abcdef", SensitiveData.Secret)]
    [TestCase("shpat_0123456789abcdef0123456789abcdef", SensitiveData.Secret)]
    [TestCase("pypi-AgEIcHlwaS5vcmcCJDAxMjM0NTY3LTg5YWItY2RlZi0wMTIz", SensitiveData.Secret)]
    [TestCase("GOCSPX-abcdefghijklmnopqrstuvwxyz12", SensitiveData.Secret)]
    [TestCase("nvapi-abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJ", SensitiveData.Secret)]
    [TestCase("pplx-0123456789abcdef0123456789abcdef0123456789abcdef", SensitiveData.Secret)]
    [TestCase("dckr_pat_abcdefghijklmnopqrstuvwxyz0", SensitiveData.Secret)]
    [TestCase("glrt-ABCDEFGHIJ0123456789", SensitiveData.Secret)]
    [TestCase("rk_test_0123456789abcdefABCDEF", SensitiveData.Secret)]
    [TestCase("whsec_0123456789abcdefABCDEF0123456789", SensitiveData.Secret)]
    [TestCase("https://hooks.slack.com/services/T00000000/B00000000/XXXXXXXXXXXX", SensitiveData.Secret)]
    [TestCase("redis://:hunter2@localhost:6379", SensitiveData.Secret)]
    [TestCase("Passwort: hunter2", SensitiveData.Secret)]
    [TestCase("github_pat_11ABCDEFG0123456789abc", SensitiveData.Secret)]
    [TestCase("github_pat_11ABCDEFG0123456789abc_" + Secret, SensitiveData.Secret)]
    [TestCase("ghs_0123456789abcdefghijABCDEFGHIJ0123456789abcdefghij", SensitiveData.Secret)]
    [TestCase("Password=hunter2;", SensitiveData.Secret)]
    [TestCase("Pwd=correcthorse;", SensitiveData.Secret)]
    [TestCase("password: hunter2", SensitiveData.Secret)]
    [TestCase("\"password\": \"hunter2\"", SensitiveData.Secret)]
    [TestCase("비밀번호: hunter2", SensitiveData.Secret)]
    [TestCase("AWS Secret Access Key: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE9EY", SensitiveData.Secret)]
    [TestCase("the aws secret is wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE9EY.", SensitiveData.Secret)]
    [TestCase("{\"SecretAccessKey\":\"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE9EY\"}", SensitiveData.Secret)]
    [TestCase("aws: wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLE9EY", SensitiveData.Secret)]
    [TestCase("Authorization: Basic dXNlcjpwYXNz", SensitiveData.Secret)]
    [TestCase("Authorization: Bearer 0123456789abcdefXYZ0123", SensitiveData.Secret)]
    [TestCase("x-api-key: 0123456789abcdefXYZ0", SensitiveData.Secret)]
    [TestCase("client_secret=0123456789abcdefXYZ0", SensitiveData.Secret)]
    [TestCase("postgres://ada:hunter2@db/main", SensitiveData.Secret)]
    [TestCase("900101,1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("900101_1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("김,900101\t1234568", SensitiveData.KoreanResidentNumber)]
    [TestCase("\u2460\u2460\u24EA\u2460", SensitiveData.None)]
    [TestCase("\u24EA\u2460\u24EA-\u2460\u2461\u2462\u2463-\u2464\u2465\u2466\u2467", SensitiveData.Phone)]
    [TestCase("\u277E\u2776\u277E 010-1234-5678", SensitiveData.Phone)]
    [TestCase("\u2460010-1234-5678", SensitiveData.Phone)]
    [TestCase("\u2474\u2474 \u2488\u2488", SensitiveData.None)]
    [TestCase("\u2079\u2070\u2070\u00B9\u2070\u2071", SensitiveData.None)]
    [TestCase("\u2084\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081\u2081", SensitiveData.PaymentCard)]
    [TestCase("４１１１ １１１１ １１１１ １１１１", SensitiveData.PaymentCard)]
    [TestCase("mail \"john doe\"@example.com", SensitiveData.Email)]
    [TestCase("<\"john..doe\"@example.com>", SensitiveData.Email)]
    [TestCase("DE89.3704.0044.0532.0130.00", SensitiveData.Iban)]
    [TestCase("hvs.CAESIJ0123456789abcdefghijABCDEFGHIJ0123", SensitiveData.Secret)]
    [TestCase("VAULT_TOKEN=hvb.AAAAAQJ0123456789abcdefghijABCDEFGH", SensitiveData.Secret)]
    [TestCase("123456789:AAabcdefghijABCDEFGHIJ0123456789-_a", SensitiveData.Secret)]
    [TestCase("https://api.telegram.org/bot123456789:AAabcdefghijABCDEFGHIJ0123456789-_a/getMe", SensitiveData.Secret)]
    [TestCase("MTA0MzU2Nzg5MDEyMzQ1Njc4OQ.GabcDe.abcdefghijABCDEFGHIJ0123456789-_abcdef", SensitiveData.Secret)]
    [TestCase("token MTA0MzU2Nzg5MDEyMzQ1Njc4.GabcDe.abcdefghijABCDEFGHIJ0123456", SensitiveData.Secret)]
    [TestCase("https://discord.com/api/webhooks/1043567890123456789/abcdefghijABCDEFGHIJ0123456789-_abcdefghijABCDEFGHIJ0123456789-_abcd", SensitiveData.Secret)]
    [TestCase("ya29.a0AfH6SMBabcdefghijklmnop", SensitiveData.Secret)]
    [TestCase("https://a.blob.core.windows.net/c?sv=2022-11-02&sp=r&sig=abcdefghijABCDEFGHIJ0123456789abcdefghijABC%2B0%3D", SensitiveData.Secret)]
    [TestCase("Password:\nhunter2", SensitiveData.Secret)]
    [TestCase("User: ada\r\nPassword:\r\n  Tr0ub4dor&3 \r\n", SensitiveData.Secret)]
    [TestCase("비밀번호:\nhunter2!", SensitiveData.Secret)]
    public void AWritingOfEveryDay_IsFound(string text, SensitiveData expected) => Assert.That(SensitiveDataScanner.Scan(text), Is.EqualTo(expected));

    [TestCase("string password = GetPassword();")]
    [TestCase("Password={secret};")]
    [TestCase("a == b; key = value;")]
    [TestCase("x４１１１１１１１１１１１１１１１")]
    [TestCase("2026–11–25 to 2026–12–01")]
    [TestCase("01/02/2023 and 12/2024")]
    [TestCase("200/300/4000")]
    [TestCase("12 - 34 - 56")]
    [TestCase("SG.Collections.Generic.Dictionary")]
    [TestCase("sha256-0123abcd4567")]
    [TestCase("점심@회사")]
    [TestCase("SHA 4111111111111111aaaa")]
    [TestCase("the years 1588-1603 and 1600-1699")]
    [TestCase("1588-12345")]
    [TestCase("ISBN 0306406152")]
    [TestCase("000012345678")]
    [TestCase("82-10-12")]
    [TestCase("table 5 100-200 300-400-500")]
    [TestCase("https://github.com/a/b@main")]
    [TestCase("Bearer of bad news in 2024 and thereafter")]
    [TestCase("0912345678")]
    [TestCase("the laws of 2024 and secrets of the trade")]
    [TestCase("aws sha1 da39a3ee5e6b4b0d3255bfef95601890afd80709")]
    [TestCase("password: string")]
    [TestCase("Password: at least 8 characters")]
    [TestCase("password = args[1]")]
    [TestCase("var password = \"\";")]
    [TestCase("https://example.com/a:b@c")]
    [TestCase("secret: one-of-the-best-kept-secrets-2024")]
    [TestCase("an em dash — of 3—4 words · 12·5")]
    [TestCase("900101,1234567")]
    [TestCase("900101,1234568,900101")]
    [TestCase("1,900101,1234568")]
    [TestCase("910101_1234568_2")]
    [TestCase("4242,4533,4211,5210,4412")]
    [TestCase("2021\t2022\t2023\t2024")]
    [TestCase("\"chat\"@fr . ")]
    [TestCase("[\"a\",\"@scope.io\"]")]
    [TestCase("{\"name\": \"@scope/package.com\"}")]
    [TestCase("[\" \", \"@b.co\"]")]
    [TestCase("\"\"@example.com")]
    [TestCase("DE89.3704.0044.0532.0130.01")]
    [TestCase("hvs.short")]
    [TestCase("the class hvs.abcdefghijklmnopqrstuvwxyzabcd")]
    [TestCase("12345678:AAAA")]
    [TestCase("1732621530:Aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")]
    [TestCase("10:00:00 12345678: all is well and nothing happened")]
    [TestCase("MTA0MzU2Nzg5MDEy.GabcDe.abcdefghijABCDEFGHIJ0123456789")]
    [TestCase("4M rows, 2N keys, 3O")]
    [TestCase("https://discord.com/channels/1043567890123456789/1043567890123456789")]
    [TestCase("ya29.5 units")]
    [TestCase("papaya29. abc")]
    [TestCase("&sig=short")]
    [TestCase("config=abcdefghijABCDEFGHIJ0123456789abcdefghijABC")]
    [TestCase("Password:\n  minLength: 8")]
    [TestCase("password:\n- 8 characters or more")]
    [TestCase("Password:\n2024-11-26")]
    [TestCase("password =\n  user.Password2;")]
    [TestCase("Password:\n\nChapter2")]
    [TestCase("passwords:\n  string1:\n")]
    [TestCase("x\u00B2 + y\u00B3 = \u2074")]
    public void WhatOnlyLooksLikeIt_IsNot(string text) => Assert.That(SensitiveDataScanner.Scan(text), Is.EqualTo(SensitiveData.None));

    // What looks at all that follows at each of these would take minutes.
    [TestCase("Pwd=")]
    [TestCase("AccountKey=")]
    [TestCase("aws_secret_access_key = ")]
    [TestCase("card-")]
    [TestCase("SG.")]
    [TestCase("４")]
    [TestCase("password")]
    [TestCase("secret ")]
    [TestCase("aws: ")]
    [TestCase("https://a:")]
    [TestCase("1588-")]
    [TestCase("\"a@b.co")]
    [TestCase("MTA0MzU2Nzg5")]
    [TestCase("hvs.")]
    [TestCase("Password:\n")]
    [TestCase("12345678:A")]
    [TestCase("4111,1111,")]
    [TestCase("&sig=")]
    public void NamesWithoutValues_AreReadInLinearTime(string unit) =>
        Assert.That(() => SensitiveDataScanner.Scan(string.Concat(Enumerable.Repeat(unit, 4_000_000 / unit.Length))), Throws.Nothing);

    [Test]
    public void APlaceInAFoldedText_IsItsPlaceInTheTextGiven()
    {
        const string Text = "전화 ０１０-１２\u200B３４-５６７８ 입니다";
        foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(Text))
        {
            Assert.That(Text.Substring(match.Start, match.Length), Is.EqualTo("０１０-１２\u200B３４-５６７８"));
            return;
        }

        Assert.Fail("nothing was found");
    }

    public static IEnumerable<TestCaseData> Contents()
    {
        yield return Case("a tool's JSON element with a line break", new FunctionResultContent("1", JsonSerializer.SerializeToElement("Card:\n4111 1111 1111 1111")), SensitiveData.PaymentCard);
        yield return Case("a tool's object with a plus sign", new FunctionResultContent("1", JsonSerializer.SerializeToElement(new { tel = "+821012345678" })), SensitiveData.Phone);
        yield return Case("JSON in a tool's string", new FunctionResultContent("1", "{\"tel\":\"\\u002B821012345678\"}"), SensitiveData.Phone);
        yield return Case("a number of JSON", new FunctionResultContent("1", JsonSerializer.SerializeToElement(4111111111111111)), SensitiveData.PaymentCard);
        yield return Case("a name of JSON", new FunctionResultContent("1", JsonSerializer.SerializeToElement(new Dictionary<string, int> { ["ada@example.com"] = 1 })), SensitiveData.Email);
        yield return Case("a call's arguments", new FunctionCallContent("1", "send", new Dictionary<string, object?> { ["to"] = JsonSerializer.SerializeToElement("x\n900101-1234568") }), SensitiveData.KoreanResidentNumber);
        yield return Case("a tool that answers with contents", new FunctionResultContent("1", new AIContent[] { new TextContent("ada@example.com") }), SensitiveData.Email);
        yield return Case("attached plain text", new DataContent("ada@example.com"u8.ToArray(), "text/plain"), SensitiveData.Email);
        yield return Case("attached JSON", new DataContent("{\"a\":\"x\\n010-1234-5678\"}"u8.ToArray(), "application/json; charset=utf-8"), SensitiveData.Phone);
        yield return Case("attached CSV in UTF-16", new DataContent(Encoding.Unicode.GetPreamble().Concat(Encoding.Unicode.GetBytes("a,ada@example.com")).ToArray(), "text/csv"), SensitiveData.Email);
        yield return Case("attached UTF-16 without its mark", new DataContent(Encoding.Unicode.GetBytes("ada@example.com"), "text/plain"), SensitiveData.Unreadable);
        yield return Case("an image", new DataContent(new byte[] { 1, 2, 3 }, "image/png"), SensitiveData.Unreadable);
        yield return Case("an address with a datum", new UriContent("https://example.com/?mail=ada%40example.com", "image/png"), SensitiveData.Unreadable | SensitiveData.Email);
        yield return Case("an error", new ErrorContent("no such user: ada@example.com"), SensitiveData.Email);
        yield return Case("JSON of a serializer in a message", new TextContent("log: {\"tel\":\"\\u002B821012345678\",\"n\":1}"), SensitiveData.Phone);
        yield return Case("JSON within a string of JSON", new FunctionResultContent("1", JsonSerializer.SerializeToElement(new { text = JsonSerializer.Serialize(new { tel = "+821012345678" }) })), SensitiveData.Phone);
        yield return Case("a number between Korean letters that are escaped", new TextContent(JsonSerializer.Serialize("카드 4111111111111111원")), SensitiveData.PaymentCard);
        yield return Case("an entity of HTML", new TextContent("ada&#64;example.com"), SensitiveData.Email);
        yield return Case("a named entity", new TextContent("ada&commat;example&period;com"), SensitiveData.Email);
        yield return Case("an entity of an entity", new TextContent("ada&amp;#x40;example.com"), SensitiveData.Email);
        yield return Case("tags within a number", new DataContent("<b>010</b>-<b>1234</b>-<i>5678</i>"u8.ToArray(), "text/html"), SensitiveData.Phone);
        yield return Case("cells of a table", new TextContent("<td>4111</td><td>1111</td><td>1111</td><td>1111</td>"), SensitiveData.PaymentCard);
        yield return Case("a comment within an address", new TextContent("ada<!-- no robots -->@example.com"), SensitiveData.Email);
        yield return Case("percent encoding", new TextContent("mailto:ada%40example.com"), SensitiveData.Email);
        yield return Case("percent encoding, twice", new TextContent("https://x.example/?m=ada%2540example.com"), SensitiveData.Email);
        yield return Case("a percent-encoded plus", new TextContent("tel=%2B821012345678"), SensitiveData.Phone);
        yield return Case("quoted-printable", new TextContent("ada=40example.com"), SensitiveData.Email);
        yield return Case("quoted-printable over a line", new TextContent("ada@exam=\r\nple.com"), SensitiveData.Email);
        yield return Case("an escape by two digits", new TextContent("'ada\\x40example.com'"), SensitiveData.Email);
        yield return Case("an escape in braces", new TextContent("ada\\u{40}example.com"), SensitiveData.Email);
        yield return Case("escaped twice", new TextContent("\"ada\\\\u0040example.com\""), SensitiveData.Email);
        yield return Case("a needless escape", new TextContent("ada\\@example.com and 010\\-1234\\-5678"), SensitiveData.Email | SensitiveData.Phone);
        yield return Case("emphasis", new TextContent("**010**-**1234**-**5678**"), SensitiveData.Phone);
        yield return Case("code", new TextContent("`ada`@`example.com`"), SensitiveData.Email);
        yield return Case("spelled in brackets", new TextContent("ada [at] example [dot] com"), SensitiveData.Email);
        yield return Case("spelled in words", new TextContent("ada at example dot com"), SensitiveData.Email);
        yield return Case("defanged", new TextContent("ada@example[.]com"), SensitiveData.Email);
        yield return Case("blanks of a form", new TextContent("name=Kim&tel=010+1234+5678"), SensitiveData.Phone);
        yield return Case("a line that breaks behind a hyphen", new TextContent("010-\n1234-5678"), SensitiveData.Phone);
        yield return Case("a line that breaks between groups", new TextContent("4111 1111\r\n1111 1111"), SensitiveData.PaymentCard);
        yield return Case("embedded Base64", new TextContent("data:text/plain;base64,YWRhQGV4YW1wbGUuY29t"), SensitiveData.Email);
        yield return Case("a tuple", new FunctionResultContent("1", ("x", "ada@example.com")), SensitiveData.Email);
        yield return Case("a text that is built", new FunctionResultContent("1", new StringBuilder("ada@example.com")), SensitiveData.Email);
        yield return Case("characters", new FunctionResultContent("1", "ada@example.com".ToCharArray()), SensitiveData.Email);
        yield return Case("lines of numbers", new TextContent("212\n555\n100\n2021\n2022 and 1+2+3"), SensitiveData.None);
        yield return Case("lines of JSON", new DataContent("{\"a\":1}\n{\"tel\":\"\\u002B821012345678\"}"u8.ToArray(), "application/jsonl"), SensitiveData.Phone);
        yield return Case("a folded card", new DataContent("EMAIL:ada@exa\r\n mple.com"u8.ToArray(), "text/vcard"), SensitiveData.Email);
        yield return Case("UTF-16 by its name", new DataContent(Encoding.Unicode.GetBytes("ada@example.com"), "text/plain; charset=utf-16"), SensitiveData.Email);
        yield return Case("UTF-7", new DataContent("ada+AEA-example.com"u8.ToArray(), "text/plain; charset=utf-7"), SensitiveData.Unreadable);
        yield return Case("a tool's dictionaries and lists", new FunctionResultContent("1", new Dictionary<string, object?> { ["a"] = new List<object?> { new Dictionary<string, string> { ["b"] = "ada@example.com" } } }), SensitiveData.Email);
        yield return Case("a tool's bytes", new FunctionResultContent("1", new byte[] { 1 }), SensitiveData.Unreadable);
        yield return Case("a tool's nodes of JSON", new FunctionResultContent("1", new System.Text.Json.Nodes.JsonObject { ["a"] = "ada@example.com" }), SensitiveData.Email);
        yield return Case("what a provider's own tool was asked", new McpServerToolCallContent("1", "crm", "people") { Arguments = new Dictionary<string, object?> { ["who"] = "ada@example.com" } }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("what a provider's own tool said", new McpServerToolResultContent("1") { Outputs = [new TextContent("call 010-1234-5678")] }, SensitiveData.Phone | SensitiveData.Unreadable);
        yield return Case("a search on the web", new WebSearchToolCallContent("1") { Queries = ["who is ada@example.com"] }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("what a search found", new WebSearchToolResultContent("1") { Outputs = [new UriContent("https://example.com/?m=ada%40example.com", "text/html")] }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("code that a provider runs", new CodeInterpreterToolCallContent("1") { Inputs = [new TextContent("to = 'ada@example.com'")] }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("what code printed", new CodeInterpreterToolResultContent("1") { Outputs = [new TextContent("4111 1111 1111 1111")] }, SensitiveData.PaymentCard | SensitiveData.Unreadable);
        yield return Case("a call that waits for approval", new ToolApprovalRequestContent("1", new FunctionCallContent("2", "send", new Dictionary<string, object?> { ["to"] = "ada@example.com" })), SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("why a call was refused", new ToolApprovalResponseContent("1", approved: false, new FunctionCallContent("2", "send")) { Reason = "ask ada@example.com first" }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("the name of a file that the provider keeps", new HostedFileContent("file-1") { Name = "ada@example.com.csv" }, SensitiveData.Email | SensitiveData.Unreadable);
        yield return Case("what nests too deep", new FunctionResultContent("1", Deep(40)), SensitiveData.Unreadable);
        yield return Case("signs that mean nothing", new TextContent("100% & more < 5 * 3 = x [1] (a) {b} C:\\new\\table"), SensitiveData.None);
        yield return Case("half an escape", new TextContent("a path C:\\users and \\u12"), SensitiveData.None);
        yield return Case("plain words", new TextContent("Which capital is it?"), SensitiveData.None);

        static object Deep(int levels) => levels == 0 ? "ada@example.com" : new List<object> { Deep(levels - 1) };

        static TestCaseData Case(string name, AIContent content, SensitiveData expected) => new TestCaseData(content, expected).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Contents))]
    public void AContent_IsReadAsItsReaderWouldSeeIt(AIContent content, SensitiveData expected) =>
        Assert.That(new RequestProfile([new ChatMessage(ChatRole.User, [content])]).SensitiveData, Is.EqualTo(expected));

    [Test]
    public void ADatumCutInTwoPiecesOfOneMessage_IsFound()
    {
        ChatMessage message = new(ChatRole.User, [new TextContent("mail ada@"), new TextContent("example.com")]);
        Assert.That(new RequestProfile([message]).SensitiveData, Is.EqualTo(SensitiveData.Email));
    }

    [Test]
    public void TheNameOfAnAuthor_IsRead()
    {
        ChatMessage message = new(ChatRole.User, "hello") { AuthorName = "ada@example.com" };
        Assert.That(new RequestProfile([message]).SensitiveData, Is.EqualTo(SensitiveData.Email));
    }

    [Test]
    public async Task TheResultOfAToolOfThePlatform_IsRead()
    {
        object? result = await AIFunctionFactory.Create(() => "Ada\n010-1234-5678", "contact").InvokeAsync();
        Assert.That(new RequestProfile([new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", result)])]).SensitiveData, Is.EqualTo(SensitiveData.Phone));
    }

    public static IEnumerable<TestCaseData> Options()
    {
        yield return Case("a string of the options", new() { AdditionalProperties = new() { ["user"] = "ada@example.com" } });
        yield return Case("an element of the options", new() { AdditionalProperties = new() { ["metadata"] = JsonSerializer.SerializeToElement(new { mail = "ada@example.com" }) } });
        yield return Case("a dictionary of the options", new() { AdditionalProperties = new() { ["metadata"] = new Dictionary<string, object?> { ["mail"] = new[] { "ada@example.com" } } } });
        yield return Case("an object of the options", new() { AdditionalProperties = new() { ["metadata"] = new { mail = "ada@example.com" } } });
        yield return Case("a name in the options", new() { AdditionalProperties = new() { ["ada@example.com"] = 1 } });
        yield return Case("a stop sequence", new() { StopSequences = ["ada@example.com"] });
        yield return Case("the description of a schema", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(new { type = "object", description = "for ada@example.com" })) });
        yield return Case("the description of a format", new() { ResponseFormat = ChatResponseFormat.ForJsonSchema(JsonSerializer.SerializeToElement(new { type = "object" }), "answer", "for ada@example.com") });

        static TestCaseData Case(string name, ChatOptions options) => new TestCaseData(options).SetArgDisplayNames(name);
    }

    [TestCaseSource(nameof(Options))]
    public void WhatTheOptionsSay_IsReadToo(ChatOptions options)
    {
        ChatMessage[] messages = [new(ChatRole.User, "hello")];
        Assert.That(new RequestProfile(messages, options).SensitiveData, Is.EqualTo(SensitiveData.Email));
        Assert.That(new RequestProfile(messages, new ChatOptions { AdditionalProperties = new() { ["n"] = 3, ["call"] = () => "ada@example.com" } }).SensitiveData, Is.EqualTo(SensitiveData.None));
    }

    [Test]
    public void APlainText_IsLookedAtOnce()
    {
        List<string> texts = [];
        DecodedText.AddTo(texts, "Which capital is it? It costs 3.50, and 010-1234-5678 answers; ada@example.com too.");
        Assert.That(texts, Is.Empty);
    }

    [Test]
    public void AnyText_IsDecodedWithoutAnError_AndNeverMuchLonger() =>
        CsCheck.Check.Sample(
            CsCheck.Gen.String[CsCheck.Gen.Char["\\u0x4{}&#;%=<>/!-*`~[](at)dot@. \r\nAF"], 0, 60],
            text =>
            {
                List<string> texts = [];
                DecodedText.AddTo(texts, text);
                return texts.Count <= 9 && texts.TrueForAll(decoded => decoded.Length <= text.Length);
            },
            iter: 5_000);
}
