using System.Text;
using System.Text.Unicode;
using CsCheck;
using Ensemble.Tokenization.Splitting;

namespace Ensemble.Tokenization.Tests;

/// <summary>The check of 32 bytes at a time says what the platform's says.</summary>
internal sealed class Utf8ValidityTests
{
    // The borders of every rule: of lengths, overlong forms, surrogates and the largest code point.
    private static readonly byte[] Borders = [0x00, 0x41, 0x7F, 0x80, 0x8F, 0x90, 0x9F, 0xA0, 0xBF, 0xC0, 0xC1, 0xC2, 0xDF, 0xE0, 0xE1, 0xEC, 0xED, 0xEE, 0xEF, 0xF0, 0xF1, 0xF3, 0xF4, 0xF5, 0xF8, 0xFF];

    [Test]
    public void IsValid_EveryPairOfBytes_IsThatOfThePlatform()
    {
        byte[] text = new byte[34];
        for (int pair = 0; pair < 0x10000; pair++)
        {
            text[31] = (byte)(pair >> 8);
            text[32] = (byte)pair;
            if (Utf8Validity.IsValid(text) != Utf8.IsValid(text))
            {
                Assert.Fail($"{pair:X4}");
            }
        }
    }

    [Test]
    public void IsValid_BordersOfTheRules_AtEveryPlaceOfABlock_IsThatOfThePlatform()
    {
        byte[] text = new byte[72];
        Array.Fill(text, (byte)'a');
        for (int i = 0; i < Borders.Length * Borders.Length * Borders.Length * Borders.Length; i++)
        {
            int at = 28 + (i % 6);
            Span<byte> four = text.AsSpan(at, 4);
            for (int rest = i, place = 0; place < 4; place++, rest /= Borders.Length)
            {
                four[place] = Borders[rest % Borders.Length];
            }

            // Also cut off where the text ends within them.
            ReadOnlySpan<byte> cut = text.AsSpan(0, i % 3 == 0 ? at + 1 + (i % 4) : text.Length);
            if (Utf8Validity.IsValid(cut) != Utf8.IsValid(cut))
            {
                Assert.Fail($"{Convert.ToHexString(four)} at {at}, {cut.Length} bytes");
            }

            four.Fill((byte)'a');
        }
    }

    [Test]
    public void IsValid_TextWithOneByteChanged_IsThatOfThePlatform() =>
        Gen.Select(Gen.String, Gen.Byte, Gen.UInt).Sample(
            (text, with, place) =>
            {
                byte[] bytes = Encoding.UTF8.GetBytes("Füße, 모델, 🎵, " + text + new string('x', 40));
                bytes[place % bytes.Length] = with;
                return Utf8Validity.IsValid(bytes) == Utf8.IsValid(bytes);
            },
            iter: 2000);
}
