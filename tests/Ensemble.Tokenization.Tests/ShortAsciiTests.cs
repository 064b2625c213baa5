using System.Text;
using Ensemble.Tokenization.Counting;

namespace Ensemble.Tokenization.Tests;

internal sealed unsafe class ShortAsciiTests
{
    private const string Words = "Hello, my 2 ducks";

    [Test]
    public void TryNarrow_AnyLength_WritesTheBytesAndZerosBehindThem([Range(0, ShortAscii.MaxLength)] int length)
    {
        byte* written = stackalloc byte[ShortAscii.WrittenBytes];
        new Span<byte>(written, ShortAscii.WrittenBytes).Fill(0xAA);
        byte[] expected = new byte[ShortAscii.WrittenBytes];
        Encoding.ASCII.GetBytes(Words.AsSpan(0, length), expected);

        bool ascii = ShortAscii.TryNarrow(Words.AsSpan(0, length), written);

        Assert.That(ascii, Is.True);
        Assert.That(new ReadOnlySpan<byte>(written, ShortAscii.WrittenBytes).ToArray(), Is.EqualTo(expected));
    }

    [Test]
    public void TryNarrow_OneCharacterThatIsNotAscii_IsSeenWhereverItStands(
        [Range(1, ShortAscii.MaxLength)] int length,
        [Values('\u0080', 'é', '\u0141', '한', '\uFFFD', '\uFF21')] char odd)
    {
        byte* written = stackalloc byte[ShortAscii.WrittenBytes];
        for (int at = 0; at < length; at++)
        {
            char[] text = Words[..length].ToCharArray();
            text[at] = odd;

            Assert.That(ShortAscii.TryNarrow(text, written), Is.False, $"at {at}");
        }
    }

    [Test]
    public void Count_ShortTexts_IsThatOfTheirUtf8([Range(0, ShortAscii.MaxLength + 1)] int length)
    {
        string text = Words[..length];

        Assert.That(TokenEncoding.O200kBase.Count(text), Is.EqualTo(TokenEncoding.O200kBase.Count(Encoding.UTF8.GetBytes(text))));
    }
}
