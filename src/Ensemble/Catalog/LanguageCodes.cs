using System.Collections.Frozen;

namespace Ensemble;

/// <summary>Numbers the languages of ISO 639-1, so that sets of them compare in a few instructions.</summary>
internal static class LanguageCodes
{
    private const string Codes =
        "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv "
        + "ha he hi ho hr ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my "
        + "na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty "
        + "ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

    private static readonly FrozenDictionary<string, int> Numbers =
        Codes.Split(' ').Select((code, number) => KeyValuePair.Create(code, number)).ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);

    /// <summary>Finds the number of a language; the region of a tag such as <c>pt-BR</c> does not matter.</summary>
    public static bool TryParse(string? language, out int number)
    {
        number = -1;
        if (language is null)
        {
            return false;
        }

        int dash = language.IndexOf('-', StringComparison.Ordinal);
        return Numbers.TryGetValue(dash < 0 ? language : language[..dash], out number);
    }

    /// <summary>Reads the languages of a card.</summary>
    /// <exception cref="ArgumentException">A code is not in ISO 639-1.</exception>
    public static CodeSet ParseAll(IEnumerable<string> languages)
    {
        CodeSet all = CodeSet.Empty;
        foreach (string language in languages)
        {
            if (!TryParse(language, out int number))
            {
                throw new ArgumentException($"'{language}' is no language of ISO 639-1; write for instance en, ko or pt-BR.", nameof(languages));
            }

            all |= CodeSet.Of(number);
        }

        return all;
    }
}
