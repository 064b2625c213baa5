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
    public void WhatOnlyLooksLikeIt_IsNot(string text) => Assert.That(SensitiveDataScanner.Scan(text), Is.EqualTo(SensitiveData.None));

    // What looks at all that follows at each of these would take minutes.
    [TestCase("Pwd=")]
    [TestCase("AccountKey=")]
    [TestCase("aws_secret_access_key = ")]
    [TestCase("card-")]
    [TestCase("SG.")]
    [TestCase("４")]
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
        yield return Case("half an escape", new TextContent("a path C:\\users and \\u12"), SensitiveData.None);
        yield return Case("plain words", new TextContent("Which capital is it?"), SensitiveData.None);

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
}
