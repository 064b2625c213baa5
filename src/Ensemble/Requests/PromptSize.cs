using System.Text;
using Ensemble.Tokenization;

namespace Ensemble;

/// <summary>
/// How many tokens a prompt has at most, and by how much that exceeds what a provider is expected to bill; both are summed in one walk. Bounds keep
/// ceilings and windows; the choice between models goes by what is expected, or a model would look dear only because its tokenizer is not public.
/// </summary>
/// <remarks>
/// Measured over 3.4 MB of chats, English and Korean (shared texts with exact counts of tiktoken) with o200k_base and cl100k_base: 0.24 tokens for each
/// byte of ASCII with both; 0.24 to 0.26 and 0.37 to 0.39 for each other byte, mostly of Hangul, three bytes a syllable. Vocabularies of today are nearer to the first.
/// Per model these are only the beginning: what providers report corrects them (<see cref="InputRatio"/>).
/// </remarks>
/// <param name="encoding">Counts text; <see langword="null"/> bounds it by its bytes.</param>
/// <param name="tokensPerImage">What an image takes at most.</param>
internal struct PromptSize(TokenEncoding? encoding, long tokensPerImage)
{
    /// <summary>The expected tokens for each byte of ASCII.</summary>
    public const double TokensPerAsciiByte = 0.24;

    /// <summary>The expected tokens for each other byte of UTF-8.</summary>
    public const double TokensPerOtherByte = 0.30;

    // Role and separators of a message are bounded by 16 tokens; known chat formats take 3 to 7, most of them 4.
    private const int TokensPerMessage = 16;

    private const int ExpectedPerMessage = 4;

    /// <summary>Gets the bound.</summary>
    public long Tokens { get; private set; }

    /// <summary>Gets by how much the bound exceeds what is expected.</summary>
    public double Excess { get; private set; }

    /// <summary>Adds what surrounds a message, or a declaration.</summary>
    public void AddFrame()
    {
        Tokens += TokensPerMessage;
        Excess += TokensPerMessage - ExpectedPerMessage;
    }

    /// <summary>Adds tokens that are what they are: quotes and separators.</summary>
    public void Add(int tokens) => Tokens += tokens;

    /// <summary>Adds an image.</summary>
    public void AddImage() => Tokens += tokensPerImage;

    /// <summary>Adds text that the model's encoding counts, where it is public.</summary>
    public void AddText(string? text)
    {
        if (encoding is null)
        {
            AddBytes(text);
        }
        else if (!string.IsNullOrEmpty(text))
        {
            Tokens += encoding.Count(text);
        }
    }

    /// <summary>Adds text of which nobody knows how it is written into the prompt: its bytes bound it.</summary>
    public void AddBytes(string? text)
    {
        if (string.IsNullOrEmpty(text))
        {
            return;
        }

        int bytes = Encoding.UTF8.GetByteCount(text);
        int ascii = bytes;
        if (bytes != text.Length)
        {
            ascii = 0;
            foreach (char c in text)
            {
                ascii += c < 0x80 ? 1 : 0;
            }
        }

        AddBytes(bytes, ascii);
    }

    /// <summary>Adds attached data: as text its bytes bound it; pages and sound take fewer, nobody knows how many.</summary>
    public void AddData(ReadOnlySpan<byte> data, bool isText)
    {
        if (!isText)
        {
            Tokens += data.Length;
            return;
        }

        int ascii = 0;
        foreach (byte b in data)
        {
            ascii += b < 0x80 ? 1 : 0;
        }

        AddBytes(data.Length, ascii);
    }

    private void AddBytes(int bytes, int ascii)
    {
        Tokens += bytes;
        Excess += (ascii * (1 - TokensPerAsciiByte)) + ((bytes - ascii) * (1 - TokensPerOtherByte));
    }
}
