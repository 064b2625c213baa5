using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// By how much the bound of a prompt exceeds what a provider is expected to bill. Bounds keep ceilings and windows; the choice between
/// models goes by what is expected, or a model would look dear only because its tokenizer is not public.
/// </summary>
/// <remarks>
/// Measured over 3.4 MB of chats, English and Korean (shared texts with exact counts of tiktoken) with o200k_base and cl100k_base: 0.24 tokens for each
/// byte of ASCII with both; 0.24 to 0.26 and 0.37 to 0.39 for each other byte, mostly of Hangul, three bytes a syllable. Vocabularies of today are nearer to the first.
/// Per model these are only the beginning: what providers report corrects them (<see cref="InputRatio"/>).
/// </remarks>
internal static class PromptExcess
{
    /// <summary>The expected tokens for each byte of ASCII.</summary>
    public const double TokensPerAsciiByte = 0.24;

    /// <summary>The expected tokens for each other byte of UTF-8.</summary>
    public const double TokensPerOtherByte = 0.30;

    // A message is bounded by 16 tokens of roles and separators; known chat formats take 3 to 7, most of them 4.
    private const int TokensPerMessage = 12;

    /// <summary>Says how many tokens of the bound are not expected to be billed.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="counting">How the bound was told.</param>
    public static double Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options, InputCounting counting)
    {
        double excess = (messages.Count + 1) * TokensPerMessage;
        if (counting == InputCounting.Bytes)
        {
            foreach (string text in RequestText.Of(messages, options))
            {
                excess += OfBytes(text);
            }
        }

        foreach (string text in RequestText.OfDeclarations(options))
        {
            excess += OfBytes(text);
        }

        return excess;
    }

    /// <summary>The bytes of a text less its expected tokens.</summary>
    public static double OfBytes(string text)
    {
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

        return (ascii * (1 - TokensPerAsciiByte)) + ((bytes - ascii) * (1 - TokensPerOtherByte));
    }
}
