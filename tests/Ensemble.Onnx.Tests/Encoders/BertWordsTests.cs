using CsCheck;

namespace Ensemble.Onnx.Tests.Encoders;

/// <summary>The words that BERT's own code makes of a text; the cases follow its definition.</summary>
public sealed class BertWordsTests
{
    private static readonly BertWords Uncased = new(lowers: true, stripsAccents: true, splitsIdeographs: true);

    private static readonly BertWords Cased = new(lowers: false, stripsAccents: false, splitsIdeographs: true);

    [TestCase("Hello  World", "hello|world")]
    [TestCase("CAFÉ cafe\u0301 ÀÉÎ", "cafe|cafe|aei")]
    [TestCase("a+b $5 <=> x^y `c|d~", "a|+|b|$|5|<|=|>|x|^|y|`|c|||d|~")]
    [TestCase("don't snake_case e-mail", "don|'|t|snake|_|case|e|-|mail")]
    [TestCase("中文abc\U00020000x", "中|文|abc|\U00020000|x")]
    [TestCase("今日は、", "今|日|は|、")]
    [TestCase("tab\tnew\nline\u00a0hard\u2028sep", "tab|new|line|hard|sep")]
    [TestCase("zero\0width\u200bjoin\u0007bell\ufffd\u000bend", "zerowidthjoinbellend")]
    [TestCase("a\ud83db \udc00", "ab")]
    [TestCase("😀 ok", "😀|ok")]
    [TestCase("\u0130", "i")]
    [TestCase("É\ufffeÀ", "e\ufffea")]
    [TestCase("a\u0378b \U0002b821\U0002b921c", "a\u0378b|\U0002b821|\U0002b921|c")]
    [TestCase("が", "か")]
    [TestCase("[SEP]", "[|sep|]")]
    [TestCase(" \n ", "")]
    public void Split_Uncased_GivesTheWords(string text, string words) => Assert.That(string.Join('|', Uncased.Split(text)), Is.EqualTo(words));

    [TestCase("CAFÉ cafe\u0301", "CAFÉ|cafe\u0301")]
    [TestCase("한국어", "한국어")]
    public void Split_Cased_KeepsCaseAndMarks(string text, string words) => Assert.That(string.Join('|', Cased.Split(text)), Is.EqualTo(words));

    [Test]
    public void Split_LowerCaseAlone_WritesADottedIAsTwo() =>
        Assert.That(new BertWords(lowers: true, stripsAccents: false, splitsIdeographs: false).Split("\u0130É中文"), Is.EqualTo((string[])["i\u0307é中文"]));

    [Test]
    public void Split_AnyText_IsTheWordsOfItsPartsBetweenSpaces() =>
        Gen.String.Array[0, 5].Sample(
            parts => Uncased.Split(string.Join(' ', parts)).SequenceEqual(parts.SelectMany(part => Uncased.Split(part))),
            iter: 300);
}
