using System.Security.Cryptography;
using System.Text;

namespace Ensemble;

/// <summary>
/// Keeps a call and its result together when another provider goes on: an id outside its alphabet is replaced by one made from it, the
/// same way every time, so that nothing has to be remembered between requests.
/// </summary>
internal static class ToolCallIds
{
    private const string Alphabet = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789";

    // Long enough that ids of one conversation do not meet: 62^24 is about 2^143.
    private const int FreeLength = 24;

    /// <summary>Returns the id to use instead; <see langword="null"/> when the provider takes this one.</summary>
    public static string? Map(HostedModel model, string id)
    {
        int? exact = model.Preset.ToolCallIdLength;
        return Fits(id, exact, model.Dialect.MaxToolCallIdLength) ? null : Make(id, exact ?? FreeLength);
    }

    private static bool Fits(string id, int? exact, int longest)
    {
        if (id.Length == 0 || id.Length > longest || (exact is { } length && id.Length != length))
        {
            return false;
        }

        foreach (char c in id)
        {
            if (!char.IsAsciiLetterOrDigit(c) && (exact is not null || c is not ('_' or '-')))
            {
                return false;
            }
        }

        return true;
    }

    private static string Make(string id, int length)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes(id));
        return string.Create(length, hash, static (span, bytes) =>
        {
            for (int i = 0; i < span.Length; i++)
            {
                span[i] = Alphabet[bytes[i] % Alphabet.Length];
            }
        });
    }
}
