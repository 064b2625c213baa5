namespace Ensemble.Tokenization.HuggingFace;

/// <summary>
/// The printable characters that byte-level vocabularies write bytes as (GPT-2's <c>bytes_to_unicode</c>): printable Latin-1 as it is, the 68 others
/// from U+0100 on.
/// </summary>
internal static class ByteAlphabet
{
    private static readonly short[] ByteOf = Create();

    /// <summary>The bytes that a token stands for; false when it has a character outside the alphabet.</summary>
    public static bool TryDecode(string token, out byte[] bytes)
    {
        bytes = new byte[token.Length];
        for (int i = 0; i < token.Length; i++)
        {
            if (token[i] >= ByteOf.Length || ByteOf[token[i]] < 0)
            {
                return false;
            }

            bytes[i] = (byte)ByteOf[token[i]];
        }

        return true;
    }

    private static short[] Create()
    {
        const int Others = 68;
        var byteOf = new short[256 + Others];
        Array.Fill(byteOf, (short)-1);
        int next = 256;
        for (short value = 0; value < 256; value++)
        {
            byteOf[value is (>= 0x21 and <= 0x7E) or (>= 0xA1 and <= 0xAC) or >= 0xAE ? value : next++] = value;
        }

        return byteOf;
    }
}
