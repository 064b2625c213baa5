namespace Ensemble;

/// <summary>The units that are known by name. Factors are exact (SI; inch, pound and ounce by the agreement of 1959).</summary>
internal static class UnitTable
{
    private static readonly Dictionary<string, Unit> Symbols = CreateSymbols();

    private static readonly Dictionary<string, Unit> Words = CreateWords();

    // No unit, though it stands behind a number.
    private static readonly HashSet<string> NoUnits = new(StringComparer.OrdinalIgnoreCase)
    {
        "is", "are", "was", "were", "be", "been", "has", "have", "had", "does", "do", "did", "can", "could", "will", "would", "should", "may", "might", "must", "and", "or", "but", "so", "nor", "not", "isn't",
        "aren't", "wasn't", "in", "on", "at", "of", "to", "by", "for", "from", "with", "as", "than", "if", "then", "because", "since", "when", "where", "which", "who", "that", "this", "these", "those", "the",
        "a", "an", "it", "its", "i", "we", "you", "he", "she", "they", "there", "here", "my", "your", "our", "their", "his", "her", "more", "less", "fewer", "most", "least", "total", "altogether", "left",
        "exactly", "approximately", "about", "after", "before", "until", "till", "through", "into", "out", "per", "plus", "minus", "times", "over", "under", "between", "vs", "versus", "also", "too", "only",
        "each", "every", "thus", "therefore", "hence", "finally", "however", "although", "while", "divided", "multiplied", "raised", "squared", "cubed", "factorial", "mod", "modulo", "equals", "equal", "gives", "makes",
        "입니다", "이다", "이에요", "예요", "이", "가", "은", "는", "을", "를", "의", "에", "로", "으로", "와", "과", "이고", "이며", "이라고", "이므로", "이상", "이하", "미만", "초과", "정도", "쯤", "가량", "또는", "혹은",
        "이나", "나", "에서", "부터", "까지", "이요", "요", "임", "이라", "라고", "입니다만", "아니", "아닙니다", "아니다", "여", "분의", "다", "이지만", "도", "만",
    };

    // ISO 4217, but for those that are words as well (ALL, TRY, TOP).
    private static readonly HashSet<string> CurrencyCodes = new(StringComparer.Ordinal)
    {
        "USD", "EUR", "GBP", "JPY", "KRW", "CNY", "RMB", "INR", "CHF", "CAD", "AUD", "Rs", "HKD", "SGD", "NZD", "TWD", "NTD", "THB", "VND", "IDR", "MYR", "PHP", "MXN", "BRL", "ZAR", "RUB", "SEK", "NOK", "DKK", "PLN",
        "CZK", "HUF", "ILS", "AED", "SAR", "EGP", "NGN", "KES", "PKR", "BDT", "LKR", "ARS", "CLP", "COP", "PEN", "UAH", "RON", "BGN", "ISK", "KZT", "QAR", "KWD", "MOP", "MMK", "KHR", "LAK", "MNT", "NPR", "BTC", "ETH",
    };

    // Units of two words.
    private static readonly Dictionary<(string First, string Second), Unit> Phrases = new()
    {
        [("kilowatt", "hour")] = Symbols["kWh"],
        [("megawatt", "hour")] = Symbols["MWh"],
        [("gigawatt", "hour")] = Symbols["GWh"],
        [("watt", "hour")] = Symbols["Wh"],
        [("us", "dollar")] = Unit.Named("$"),
        [("american", "dollar")] = Unit.Named("$"),
        [("per", "cent")] = Unit.Named("%"),
        [("미국", "달러")] = Unit.Named("$"),
    };

    private static readonly string[] KoreanEndings =
    [
        "이었습니다", "였습니다", "입니다만", "입니다", "이에요", "예요", "이므로", "이라고", "이지만", "이다", "이고", "이며", "에서", "부터", "까지", "으로", "정도", "이요", "이상", "이하", "미만", "초과", "을", "를", "은", "는", "이", "가", "의", "에", "로", "와", "과", "쯤", "임",
    ];

    private static readonly Dictionary<char, Unit> Signs = new()
    {
        ['%'] = Unit.Named("%"),
        ['‰'] = Unit.Of("%", ExactNumber.Of(1, 10)),
        ['°'] = Unit.Named("°"),
        ['℃'] = Unit.Named("°C"),
        ['℉'] = Symbols["°F"],
        ['$'] = Unit.Named("$"),
        ['€'] = Unit.Named("€"),
        ['£'] = Unit.Named("£"),
        ['¥'] = Unit.Named("¥"),
        ['₩'] = Unit.Named("원"),
        ['₹'] = Unit.Named("₹"),
        ['¢'] = Unit.Named("cent"),
    };

    public static bool IsCurrencySign(NumberToken token) => token.IsAny("$€£¥₩₹");

    public static bool IsCurrencyCode(string word) => CurrencyCodes.Contains(word);

    public static Unit? Sign(char sign) => Signs.GetValueOrDefault(sign);

    /// <summary>Returns the currency of a country whose letters stand before the sign: "HK$" is no US dollar.</summary>
    public static Unit Dollar(string country, char sign) => country == "US" && sign == '$' ? Signs[sign] : Unit.Named(country + sign);

    public static bool IsNoUnit(string word) => NoUnits.Contains(word);

    /// <summary>Finds a unit by its name, also in the plural; <see langword="null"/> when the name is unknown.</summary>
    public static Unit? Find(string word) =>
        Symbols.TryGetValue(word, out Unit? unit) || Words.TryGetValue(word.ToLowerInvariant(), out unit) ? unit
        : word.Length > 2 && (Symbols.TryGetValue(Singular(word), out unit) || Words.TryGetValue(Singular(word).ToLowerInvariant(), out unit)) ? unit
        : null;

    /// <summary>Finds a unit that is written in two words.</summary>
    public static Unit? FindPhrase(string first, string second) => Phrases.GetValueOrDefault((first.ToLowerInvariant(), NumberText.IsHangul(second[0]) ? Stem(second) : Singular(second).ToLowerInvariant()));

    /// <summary>Returns an unknown unit by its name in the singular: it never becomes another one. Short names keep their case, for Mg is not mg.</summary>
    public static Unit ByName(string word)
    {
        string name = Singular(word);
        return Unit.Named(name.Length <= 3 ? name : name.ToLowerInvariant());
    }

    /// <summary>Returns a word of a longer name in the singular and in lower case.</summary>
    public static string Noun(string word) => (word.Length > 3 && !word.EndsWith("is", StringComparison.OrdinalIgnoreCase) ? Singular(word) : word).ToLowerInvariant();

    /// <summary>Says whether a word is a unit of time.</summary>
    public static bool IsTime(NumberToken token) => token.Kind == NumberTokenKind.Word && Find(token.Text) is { } unit && (unit.HasDimensionOf(Words["day"]) || unit.HasDimensionOf(Words["month"]));

    /// <summary>Says whether a word is the Korean degree, whatever ending it has.</summary>
    public static bool IsDegree(string word) => word[0] == '도' && Stem(word) == "도";

    /// <summary>Takes what Korean puts behind a noun off. Nouns end like particles as well (사과, 사이다), so those go only where a unit or a counter is left.</summary>
    public static string Stem(string word)
    {
        while (NumberText.IsHangul(word[0]) && Find(word) is null && Array.Find(KoreanEndings, ending => word.Length > ending.Length && word.EndsWith(ending, StringComparison.Ordinal)
            && (ending is not ("이다" or "이요") && ending.Length > 1 || IsUnitOrCounter(word[..^ending.Length]))) is { } found)
        {
            word = word[..^found.Length];
        }

        return word;
    }

    private static bool IsUnitOrCounter(string word) => Find(word) is not null || KoreanNumbers.IsCounter(word) || Array.Exists(KoreanEndings, ending => word.Length > ending.Length && word.EndsWith(ending, StringComparison.Ordinal) && IsUnitOrCounter(word[..^ending.Length]));

    private static string Singular(string word)
    {
        bool Ends(string ending) => word.EndsWith(ending, StringComparison.OrdinalIgnoreCase);
        while (word.Length > 2 && Ends("s") && !Ends("ss") && !Ends("us"))
        {
            word = Ends("ies") && word.Length > 4 ? word[..^3] + "y" : Ends("sses") || Ends("xes") || Ends("ches") || Ends("shes") ? word[..^2] : word[..^1];
        }

        return word;
    }

    private static Dictionary<string, Unit> CreateSymbols()
    {
        Dictionary<string, Unit> units = new(StringComparer.Ordinal);
        foreach (string symbol in (ReadOnlySpan<string>)["m", "g", "s", "J", "N", "W", "V", "A", "Pa", "Hz", "Wh", "B", "bit", "cal", "eV", "mol", "Ω"])
        {
            units[symbol] = Unit.Named(symbol);
            foreach ((string prefix, int power) in (ReadOnlySpan<(string, int)>)[("k", 3), ("M", 6), ("G", 9), ("T", 12), ("m", -3), ("c", -2), ("µ", -6), ("μ", -6), ("n", -9)])
            {
                units[prefix + symbol] = Unit.Of(symbol, PowerOfTen(power));
            }
        }

        foreach (string litre in (ReadOnlySpan<string>)["l", "L"])
        {
            units[litre] = Unit.Of("m", PowerOfTen(-3), power: 3);
            units["m" + litre] = Unit.Of("m", PowerOfTen(-6), power: 3);
            units["c" + litre] = Unit.Of("m", PowerOfTen(-5), power: 3);
            units["d" + litre] = Unit.Of("m", PowerOfTen(-4), power: 3);
        }

        (string, Unit)[] others =
        [
            ("t", Unit.Of("g", PowerOfTen(6))), ("sec", Unit.Named("s")), ("min", Seconds(60)), ("h", Seconds(3600)), ("hr", Seconds(3600)), ("KM", Unit.Of("m", PowerOfTen(3))), ("Km", Unit.Of("m", PowerOfTen(3))),
            ("KG", Unit.Of("g", PowerOfTen(3))), ("Kg", Unit.Of("g", PowerOfTen(3))), ("CM", Unit.Of("m", PowerOfTen(-2))), ("MM", Unit.Of("m", PowerOfTen(-3))), ("KB", Unit.Of("B", PowerOfTen(3))),
            ("KiB", Unit.Of("B", ExactNumber.Of(1024))), ("MiB", Unit.Of("B", ExactNumber.Of(1 << 20))), ("GiB", Unit.Of("B", ExactNumber.Of(1 << 30))),
            ("ft", Unit.Of("m", ExactNumber.Of(3048, 10_000))), ("yd", Unit.Of("m", ExactNumber.Of(9144, 10_000))), ("mi", Unit.Of("m", ExactNumber.Of(1_609_344, 1000))),
            ("lb", Unit.Of("g", ExactNumber.Of(45_359_237, 100_000))), ("oz", Unit.Of("g", ExactNumber.Of(45_359_237, 1_600_000))),
            ("°C", Unit.Named("°C")), ("K", Unit.Of("°C", ExactNumber.One, ExactNumber.Of(-27_315, 100))), ("°F", Unit.Of("°C", ExactNumber.Of(5, 9), ExactNumber.Of(-160, 9))),
            ("mph", Speed(1_609_344, 3_600_000)), ("kph", Speed(1000, 3600)), ("kmh", Speed(1000, 3600)),
            ("USD", Unit.Named("$")), ("EUR", Unit.Named("€")), ("GBP", Unit.Named("£")), ("JPY", Unit.Named("JPY")), ("KRW", Unit.Named("원")), ("INR", Unit.Named("₹")), ("Rs", Unit.Named("₹")),
        ];
        foreach ((string name, Unit unit) in others)
        {
            units[name] = unit;
        }

        return units;
    }

    private static Dictionary<string, Unit> CreateWords()
    {
        Dictionary<string, Unit> units = new(StringComparer.Ordinal);
        (string, Unit)[] prefixed =
        [
            ("meter", Unit.Named("m")), ("metre", Unit.Named("m")), ("gram", Unit.Named("g")), ("liter", Symbols["l"]), ("litre", Symbols["l"]), ("second", Unit.Named("s")), ("joule", Unit.Named("J")),
            ("newton", Unit.Named("N")), ("watt", Unit.Named("W")), ("volt", Unit.Named("V")), ("pascal", Unit.Named("Pa")), ("hertz", Unit.Named("Hz")), ("byte", Unit.Named("B")), ("calorie", Unit.Named("cal")),
        ];
        foreach ((string name, Unit unit) in prefixed)
        {
            units[name] = unit;
            foreach ((string prefix, int power) in (ReadOnlySpan<(string, int)>)[("kilo", 3), ("mega", 6), ("giga", 9), ("centi", -2), ("milli", -3), ("micro", -6), ("nano", -9)])
            {
                units[prefix + name] = Unit.Scaled(PowerOfTen(power)).Times(unit, 1)!;
            }
        }

        (string, Unit)[] others =
        [
            ("minute", Seconds(60)), ("mins", Seconds(60)), ("secs", Unit.Named("s")), ("hour", Seconds(3600)), ("hrs", Seconds(3600)), ("day", Seconds(86_400)), ("week", Seconds(604_800)),
            ("month", Unit.Named("month")), ("year", Unit.Of("month", ExactNumber.Of(12))), ("yr", Unit.Of("month", ExactNumber.Of(12))), ("tonne", Symbols["t"]), ("inch", Inch()), ("inche", Inch()), ("foot", Symbols["ft"]), ("feet", Symbols["ft"]),
            ("yard", Symbols["yd"]), ("mile", Symbols["mi"]), ("ounce", Symbols["oz"]), ("celsius", Unit.Named("°C")), ("fahrenheit", Symbols["°F"]), ("kelvin", Symbols["K"]), ("degree", Unit.Named("°")), ("deg", Unit.Named("°")),
            ("percent", Unit.Named("%")), ("dollar", Unit.Named("$")), ("euro", Unit.Named("€")), ("yen", Unit.Named("JPY")), ("won", Unit.Named("원")), ("rupee", Unit.Named("₹")), ("cent", Unit.Named("cent")),
            ("초", Unit.Named("s")), ("분", Seconds(60)), ("시간", Seconds(3600)), ("일", Seconds(86_400)), ("주", Seconds(604_800)), ("개월", Unit.Named("month")), ("년", Unit.Of("month", ExactNumber.Of(12))),
            ("퍼센트", Unit.Named("%")), ("원", Unit.Named("원")), ("달러", Unit.Named("$")), ("유로", Unit.Named("€")), ("엔", Unit.Named("JPY")), ("미터", Unit.Named("m")), ("킬로미터", Symbols["km"]),
            ("센티미터", Symbols["cm"]), ("밀리미터", Symbols["mm"]), ("그램", Unit.Named("g")), ("킬로그램", Symbols["kg"]), ("밀리그램", Symbols["mg"]), ("톤", Symbols["t"]), ("리터", Symbols["l"]), ("밀리리터", Symbols["ml"]),
            ("제곱미터", Unit.Of("m", ExactNumber.One, power: 2)), ("제곱킬로미터", Unit.Of("m", PowerOfTen(6), power: 2)), ("제곱센티미터", Unit.Of("m", PowerOfTen(-4), power: 2)), ("세제곱미터", Unit.Of("m", ExactNumber.One, power: 3)),
        ];
        foreach ((string name, Unit unit) in others)
        {
            units[name] = unit;
        }

        return units;
    }

    private static Unit Seconds(long seconds) => Unit.Of("s", ExactNumber.Of(seconds));

    private static Unit Inch() => Unit.Of("m", ExactNumber.Of(254, 10_000));

    private static Unit Speed(long metres, long seconds) => Unit.Of("m", ExactNumber.Of(metres, seconds)).Times(Unit.Named("s"), -1)!;

    private static ExactNumber PowerOfTen(int power) => ExactNumber.Power(ExactNumber.Of(10), ExactNumber.Of(power))!.Value;
}
