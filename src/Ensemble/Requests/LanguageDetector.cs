using System.Collections.Frozen;
using System.Numerics;

namespace Ensemble;

/// <summary>
/// Tells the language of a text by its script, and among languages of the Latin script by the little words that every sentence has.
/// It says nothing rather than guess: a few words without such a little word stay unknown.
/// </summary>
internal static class LanguageDetector
{
    private const int MaxChars = 500;
    private const int MaxWord = 8;

    /// <summary>Frequent words that few of the other languages share.</summary>
    private static readonly (string Language, string Words)[] LittleWords =
    [
        ("en", "the and to of do for my at be by if whom is are was were you your what which with this that have has how who why from they would could should please when where there about into can does did will not it its"),
        ("de", "der die das und ist sind nicht ich sie wir ein eine einen mit auf für von zu wie wer warum bitte wenn oder aber auch dass wird wurde kann haben über nach zum zur dem den"),
        ("fr", "le la les et est sont une des du dans pour avec que qui pas vous nous je il elle sur au aux ce cette mais ou où quel quelle comment pourquoi être avoir plus leur"),
        ("es", "el la los las y es son una unos del que qué por para con no se su como cómo más pero está muy cuando dónde quién porque ser hay este esta"),
        ("it", "il lo gli le e è sono una di che non per con del della dei nel alla più ma come perché chi dove quando questo questa essere anche"),
        ("pt", "o os as e é são um uma de que não por para com do da dos das no na em mais mas como quem onde quando porque está ser você isso este esta"),
        ("nl", "de het een en is zijn niet van ik je we met voor op dat die wat wie waarom hoe maar ook aan naar kan worden heeft deze door"),
        ("sv", "och är det en ett att som på med för inte jag du vi hur vad varför den av till från kan har men också"),
        ("pl", "i w na nie jest są to z że się do jak co czy kto dlaczego przez dla od ale oraz tym może być który"),
        ("tr", "ve bir bu ne için ile değil mi çok nasıl neden kim ama daha gibi var yok olarak olan"),
        ("id", "dan yang di ini itu dengan untuk tidak dari pada adalah apa bagaimana mengapa siapa atau juga akan bisa ke"),
        ("vi", "và là của có không được cho với những một các này trong người khi như thế nào tại sao"),
    ];

    private static readonly string[] Languages = [.. LittleWords.Select(entry => entry.Language)];

    private static readonly FrozenDictionary<string, ulong> LanguagesByWord = Build();

    private static readonly FrozenDictionary<string, ulong>.AlternateLookup<ReadOnlySpan<char>> Lookup =
        LanguagesByWord.GetAlternateLookup<ReadOnlySpan<char>>();

    /// <summary>Tells the language.</summary>
    /// <param name="text">The text; its first 500 characters are read.</param>
    /// <returns>An ISO 639-1 code, or <see langword="null"/>.</returns>
    public static string? Detect(ReadOnlySpan<char> text)
    {
        text = text[..Math.Min(text.Length, MaxChars)];
        Span<int> scripts = stackalloc int[ScriptCount];
        scripts.Clear();
        int letters = 0;
        bool ukrainian = false;
        bool persian = false;
        foreach (char c in text)
        {
            if (c < 0x80)
            {
                if (char.IsAsciiLetter(c))
                {
                    scripts[Latin]++;
                    letters++;
                }

                continue;
            }

            int script = ScriptOf(c);
            if (script >= 0)
            {
                scripts[script]++;
                letters++;
                ukrainian |= c is 'і' or 'ї' or 'є' or 'ґ';
                persian |= c is 'پ' or 'چ' or 'ژ' or 'گ';
            }
        }

        if (letters == 0)
        {
            return null;
        }

        // Names and terms of the Latin script stand in any text; a third of another script decides. Kana decides for Japanese among Han.
        int cjk = scripts[Kana] + scripts[Han];
        return 3 * scripts[Hangul] >= letters ? "ko"
            : 3 * cjk >= letters ? (10 * scripts[Kana] >= cjk ? "ja" : "zh")
            : 3 * scripts[Cyrillic] >= letters ? (ukrainian ? "uk" : "ru")
            : 3 * scripts[Arabic] >= letters ? (persian ? "fa" : "ar")
            : 3 * scripts[Greek] >= letters ? "el"
            : 3 * scripts[Hebrew] >= letters ? "he"
            : 3 * scripts[Devanagari] >= letters ? "hi"
            : 3 * scripts[Thai] >= letters ? "th"
            : 2 * scripts[Latin] >= letters ? ByLittleWords(text)
            : null;
    }

    private const int Latin = 0;
    private const int Hangul = 1;
    private const int Kana = 2;
    private const int Han = 3;
    private const int Cyrillic = 4;
    private const int Arabic = 5;
    private const int Greek = 6;
    private const int Hebrew = 7;
    private const int Devanagari = 8;
    private const int Thai = 9;
    private const int ScriptCount = 10;

    private static int ScriptOf(char c) => (int)c switch
    {
        >= 0xAC00 and <= 0xD7A3 or >= 0x1100 and <= 0x11FF or >= 0x3130 and <= 0x318F => Hangul,
        >= 0x3041 and <= 0x30FF => Kana,
        >= 0x4E00 and <= 0x9FFF => Han,
        >= 0xC0 and <= 0x24F or >= 0x1E00 and <= 0x1EFF => Latin,
        >= 0x400 and <= 0x52F => Cyrillic,
        >= 0x600 and <= 0x6FF => Arabic,
        >= 0x370 and <= 0x3FF => Greek,
        >= 0x590 and <= 0x5FF => Hebrew,
        >= 0x900 and <= 0x97F => Devanagari,
        >= 0xE00 and <= 0xE7F => Thai,
        _ => -1,
    };

    private static string? ByLittleWords(ReadOnlySpan<char> text)
    {
        Span<int> votes = stackalloc int[Languages.Length];
        votes.Clear();
        Span<char> word = stackalloc char[MaxWord];
        int length = 0;
        bool isAddress = false;
        for (int i = 0; i <= text.Length; i++)
        {
            char c = i < text.Length ? text[i] : ' ';
            if (char.IsAsciiLetter(c) || (c > 127 && char.IsLetter(c)))
            {
                // "com" in an address is no Portuguese.
                isAddress = length == 0 ? i > 0 && text[i - 1] is '.' or '@' or '/' : isAddress;
                if (length < MaxWord)
                {
                    word[length] = c <= 127 ? (char)(c | 0x20) : char.ToLowerInvariant(c);
                }

                length++;
                continue;
            }

            if (length is > 0 and <= MaxWord && !isAddress && Lookup.TryGetValue(word[..length], out ulong languages))
            {
                for (ulong rest = languages; rest != 0; rest &= rest - 1)
                {
                    votes[BitOperations.TrailingZeroCount(rest)]++;
                }
            }

            length = 0;
        }

        int best = 0;
        int second = 0;
        int winner = -1;
        for (int language = 0; language < votes.Length; language++)
        {
            if (votes[language] > best)
            {
                (best, second, winner) = (votes[language], best, language);
            }
            else if (votes[language] > second)
            {
                second = votes[language];
            }
        }

        return best > second ? Languages[winner] : null;
    }

    private static FrozenDictionary<string, ulong> Build()
    {
        Dictionary<string, ulong> languages = [];
        for (int i = 0; i < LittleWords.Length; i++)
        {
            foreach (string word in LittleWords[i].Words.Split(' '))
            {
                languages[word] = languages.GetValueOrDefault(word) | (1UL << i);
            }
        }

        return languages.ToFrozenDictionary();
    }
}
