using System.Globalization;
using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Parses a list of choices: "b &gt; a &gt; c", "b, then a, then c", "1. b 2. a 3. c", <c>["b", "a"]</c>. Nothing but the choices, what parts them and a remark behind may be in it.</summary>
internal sealed partial class RankingList(IReadOnlyList<string> choices)
{
    // The longest first: York is no New York.
    private readonly string[] _choices = [.. choices.OrderByDescending(choice => choice.Length)];

    private readonly bool _hasMarkup = choices.Any(choice => choice.IndexOfAny(['*', '"', '`', '[', ']', '{', '}', '(', ')']) >= 0);

    private enum Parting
    {
        None,
        Sequence,
        Better,
        Worse,
    }

    /// <summary>Reads; <see langword="null"/> when the text is anything else as well.</summary>
    public Ranked? Read(string answer)
    {
        string text = _hasMarkup ? answer : Markup().Replace(answer.Replace(@"\succ", ">", StringComparison.Ordinal), static match => match.Value is "[" or "]" or "{" or "}" ? " " : "");
        List<(string Choice, int Number)> items = [];
        List<(string Choice, string Text)> remarks = [];
        Parting parting = Parting.None;
        for (int at = Skip(text, 0); ;)
        {
            int number = Label(text, ref at);
            if (Choice(text, at) is not { } choice || items.Exists(item => item.Choice == choice.Name))
            {
                return null;
            }

            items.Add((choice.Name, number));
            at = choice.End;

            // "1. b: it is cheap" has its reasons in its own line.
            int remark = items[0].Number > 0 ? LineRemark().Match(text, at).Length : 0;
            remarks.Add((choice.Name, text.Substring(at, remark)));
            at += remark;
            if (IsEnd(text, at))
            {
                // One name and a remark is no list.
                return items.Count == 1 && (remark > 0 || !Closing().IsMatch(text[at..])) ? null : Ordered(items, parting) is { } ordered ? Directed(ordered, remarks) : null;
            }

            Parting next = Part(text, ref at);
            if (next == Parting.None && !(items[0].Number >= 0 && Labels().Match(text, at) is { Success: true }))
            {
                return null;
            }

            // "a > b, c" leaves b and c together.
            if (parting != Parting.None && next != parting && !(next == Parting.None))
            {
                return null;
            }

            parting = next == Parting.None ? parting : next;
        }
    }

    // Numbers, where there are any, say the places.
    private static Ranked? Ordered(List<(string Choice, int Number)> items, Parting parting)
    {
        if (items[0].Number < 0 || (items[0].Number == 1 && items.Count > 1 && items.Skip(1).All(item => item.Number < 0)))
        {
            // "First a, then b".
            return items.Skip(1).Any(item => item.Number >= 0) ? null : new([.. items.Select(item => item.Choice)], parting == Parting.Worse);
        }

        (string Choice, int Number)[] sorted = [.. items.OrderBy(item => item.Number)];
        return parting is Parting.Better or Parting.Worse || sorted.Where((item, place) => item.Number != place + 1).Any() ? null : new([.. sorted.Select(item => item.Choice)], false);
    }

    // "1. c (worst)": what stands at the ends says which of them is the best; where it does not fit, nothing is certain.
    private static Ranked? Directed(Ranked list, List<(string Choice, string Text)> remarks)
    {
        bool? reversed = null;
        foreach ((string choice, string text) in remarks)
        {
            bool isFirst = list.Choices[0] == choice;
            bool isLast = list.Choices[^1] == choice;
            Match end = EndMark().Match(text);
            if (!end.Success)
            {
                if (isFirst ? LooseWorst().IsMatch(text) : isLast && LooseBest().IsMatch(text))
                {
                    return null;
                }

                continue;
            }

            bool says = isFirst == end.Groups["worst"].Success;
            if (isFirst == isLast || (reversed is { } before && before != says))
            {
                return null;
            }

            reversed = says;
        }

        return list with { Marked = reversed };
    }

    private static int Skip(string text, int at)
    {
        while (at < text.Length && (char.IsWhiteSpace(text[at]) || text[at] is ':' or '='))
        {
            at++;
        }

        return at;
    }

    private static int Label(string text, ref int at)
    {
        if (Labels().Match(text, at) is not { Success: true } label)
        {
            return -1;
        }

        at += label.Length;
        return label.Groups["n"] is { Success: true } digits ? int.Parse(digits.Value, CultureInfo.InvariantCulture)
            : label.Groups["w"] is { Success: true } word ? 1 + Array.IndexOf(["FIRST", "SECOND", "THIRD", "FOURTH", "FIFTH"], word.Value.ToUpperInvariant()) : -1;
    }

    private (string Name, int End)? Choice(string text, int at)
    {
        foreach (string choice in _choices)
        {
            if (WholeWord.IsAt(text, choice, at))
            {
                int end = at + choice.Length;
                return (choice, end + Endings().Match(text, end).Length);
            }
        }

        return null;
    }

    private static Parting Part(string text, ref int at)
    {
        Match match = Partings().Match(text, at);
        if (!match.Success)
        {
            return Parting.None;
        }

        at += match.Length;
        return match.Groups["better"].Success ? Parting.Better : match.Groups["worse"].Success ? Parting.Worse : Parting.Sequence;
    }

    // A remark that gives reasons, or that speaks of none of the choices and of no order.
    private bool IsEnd(string text, int at)
    {
        string rest = text[at..];
        if (Closing().IsMatch(rest))
        {
            return true;
        }

        bool isApart = Remark().Match(rest) is { Success: true };
        return isApart && !Order().IsMatch(rest) && (Reason().IsMatch(rest) || !_choices.Any(choice => WholeWord.IndexOf(rest, choice) >= 0));
    }

    [GeneratedRegex(@"[*""`“”\[\]{}]|(?<![\p{L}\p{N}])['‘’]|['‘’](?![\p{L}\p{N}])", RegexOptions.CultureInvariant)]
    private static partial Regex Markup();

    [GeneratedRegex(@"\G\s*(?:\(?#?(?<n>[1-9][0-9]?)(?:\s*[.):]|(?:st|nd|rd|th)(?:\s+place)?(?:\s*:|\s+)|\s*(?:위|등|순위)(?:는|은)?\s*:?)\s*|(?<w>first|second|third|fourth|fifth)(?:ly)?(?:\s+place)?(?:\s+is)?\s*[:,]?\s+|[-•–]\s+)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Labels();

    [GeneratedRegex(
        @"\G\s*(?:(?<better>>>?|≻|≫|\b(?:is\s+)?(?:preferred\s+(?:to|over)|better\s+than)\b|\b(?:beats|over)\b)|(?<worse><<?|≺|≪|\b(?:is\s+)?worse\s+than\b)|(?:(?:[,;]|\n|->|→|=>|\b(?:and\s+)?(?:then|next|finally|lastly|before)\b|\band\b|\bfollowed\s+by\b|그\s*다음(?:은|으로|에)?|다음(?:은|으로)?|마지막으로|그리고)\s*)+)\s*(?:(?:by|comes?)\s+)?",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Partings();

    [GeneratedRegex(@"\G[ \t]*[:(–—-][^\n]*(?=\n|$)", RegexOptions.CultureInvariant)]
    private static partial Regex LineRemark();

    [GeneratedRegex(@"^[\s:(–—-]*(?:(?:the|my|is)\s+)*(?:(?<worst>worst|lowest|last|bottom|weakest|least\s+(?:preferred|liked|important|favou?rite|good|likely)|최악|꼴찌)|(?<best>best|highest|top|strongest|favou?rite|most\s+(?:preferred|liked|important|likely)|최고))(?:\s+(?:option|choice|one|overall))?[\s).!,]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex EndMark();

    [GeneratedRegex(@"\bworst\b|최악|꼴찌", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LooseWorst();

    [GeneratedRegex(@"\bbest\b|최고", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex LooseBest();

    [GeneratedRegex(@"\G(?:이|가|을|를|은|는)?(?=\s*(?:[,;>]|다음|그|$))", RegexOptions.CultureInvariant)]
    private static partial Regex Endings();

    [GeneratedRegex(@"^\s*(?:순서|순)?\s*(?:입니다|이에요|예요|이다|임|대로|로)?[\s.!;)]*(?:\((?:best\s+to\s+worst|from\s+best\s+to\s+worst|best\s+first|in\s+descending\s+order)\)[\s.]*)?$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^\s*(?:[.!;]\s|\.?\s*\n|,?\s*\b(?:because|since|as)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Remark();

    [GeneratedRegex(@"^[\s.!;,]*(?:because|since|as|explanation|reason(?:ing|s)?|why|이유|왜냐하면)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Reason();

    // It may turn the list round, or take it back.
    [GeneratedRegex(@"\b(?:worst|first|last|best|least|order|ranking|ranked|revers\w*|opposite|actually|wait|correction|sorry|rather|instead|wrong|not|no)\b|[<>≻≺]|반대|역순|아니|나쁜|낮은|꼴찌|순위|순서", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Order();

    /// <summary>Choices in the order of the text.</summary>
    /// <param name="Choices">The choices.</param>
    /// <param name="IsReversed">Whether the signs between them say that the first is the worst.</param>
    internal sealed record Ranked(IReadOnlyList<string> Choices, bool IsReversed)
    {
        /// <summary>Gets whether words at its ends say that the first is the worst; <see langword="null"/> when none stand there.</summary>
        public bool? Marked { get; init; }
    }
}
