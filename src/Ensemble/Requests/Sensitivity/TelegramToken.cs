namespace Ensemble;

/// <summary>Tokens of Telegram bots: the number of the bot, a colon, and 35 characters of which the first is an A.</summary>
internal static class TelegramToken
{
    public const int FewestDigits = 8;
    public const int MostDigits = 10;

    private const int Length = 35;

    // As addresses write it: /bot123456789:…
    private const string Label = "bot";

    /// <summary>Tries the digits between two indices as the number of a bot.</summary>
    public static bool TryMatch(ReadOnlySpan<char> text, int start, int next, int floor, out int end)
    {
        end = next + 1 + Length;
        if (next >= text.Length || text[next] != ':' || end > text.Length || text[next + 1] != 'A')
        {
            return false;
        }

        foreach (char c in text[(next + 1)..end])
        {
            if (!CharacterClass.Is(c, CharacterClass.Word | CharacterClass.Joiner))
            {
                return false;
            }
        }

        bool starts = start == floor || !CharacterClass.Is(text[start - 1], CharacterClass.Word | CharacterClass.Joiner) || text[floor..start].EndsWith(Label);
        return starts && (end == text.Length || !CharacterClass.Is(text[end], CharacterClass.Word | CharacterClass.Joiner)) && text[(next + 1)..end].ContainsAnyInRange('a', 'z');
    }
}
