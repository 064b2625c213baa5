using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>A place where a text names a choice.</summary>
/// <param name="Choice">The choice.</param>
/// <param name="Start">Where its name begins.</param>
/// <param name="End">Where it ends.</param>
internal readonly partial record struct ChoiceMention(string Choice, int Start, int End)
{
    // Far longer than what these look at.
    private const int Near = 80;

    private const int Clause = 160;

    /// <summary>Says whether the words around make it a part of another name or thing: Seoul National University, north of Seoul, no idea.</summary>
    public bool IsOfSomethingElse(string text)
    {
        ReadOnlySpan<char> before = text.AsSpan(Math.Max(0, Start - Near), Start - Math.Max(0, Start - Near));
        ReadOnlySpan<char> behind = text.AsSpan(End, Math.Min(Near, text.Length - End));
        return Choice.Equals("no", StringComparison.OrdinalIgnoreCase) ? NounOfNo().IsMatch(behind)
            : !char.IsDigit(Choice[0]) && (PlaceBefore().IsMatch(before) || PlaceBehind().IsMatch(behind) || (Unreal().IsMatch(before) && Condition().IsMatch(behind))
                || (char.IsUpper(Choice[0]) && char.IsUpper(text[Start]) && (NameBefore().IsMatch(before) || NameBehind().IsMatch(behind))));
    }

    /// <summary>Says whether a text names it without giving it as its answer: as a case or a chance, in a question, before a "but it isn't", or with a small probability.</summary>
    public bool IsUncertain(string text)
    {
        ReadOnlySpan<char> behind = text.AsSpan(End, Math.Min(Clause, text.Length - End));
        return Supposition.Covers(text, Start, End) || Asked().IsMatch(behind) || Contrast().IsMatch(behind) || Improbable().IsMatch(behind);
    }

    /// <summary>Says whether a text names this one in the place of a denied one: "A, not B", "not B but A", "isn't B; it's A", B가 아니라 A.</summary>
    public bool IsInsteadOf(ChoiceMention denied, string text)
    {
        if (Start < denied.Start)
        {
            return denied.Start - End <= Near && NotBetween().IsMatch(text.AsSpan(End, denied.Start - End)) && Closing().IsMatch(text.AsSpan(denied.End));
        }

        ReadOnlySpan<char> behind = text.AsSpan(End);
        if (Start - denied.End > Near || Doubting().IsMatch(behind) || NotOnly().IsMatch(text.AsSpan(0, denied.Start)))
        {
            return false;
        }

        ReadOnlySpan<char> between = text.AsSpan(denied.End, Start - denied.End);
        return ButBetween().IsMatch(between) || (WrongBetween().IsMatch(between) && Right().IsMatch(behind));
    }

    // "Is it spam or not?"; "Is it spam? Yes." answers.
    [GeneratedRegex(@"^[^.!?\n]*\?(?![\s*""']*(?:yes|yep|yeah|correct|right|네|예|응)\b)", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Asked();

    // "It looks like spam, but it isn't."
    [GeneratedRegex(@"^[^.!?\n]{0,40}\b(?:but|however|yet|though|although)\b,?\s+(?:(?:it|this|that|he|she|they)\s+(?:(?:is|was|are|does|do|did)(?:n['’]t|\s+(?:not|actually|really|in\s+fact))|really\s+is|actually\s+is)\b|(?:it|that)['’]s\s+(?:not|actually|really)\b|not\b|(?:it|that)\s+is\s+(?:legit|fine|wrong|false))", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Contrast();

    // "spam: 0.1", "spam (10 %)"; "spam (confidence 30 %)" is one.
    [GeneratedRegex(@"^[\s""'*)]*[:=(]\s*(?:0?\.[0-4][0-9]*(?![0-9%])|[0-4]?[0-9](?:\.[0-9]+)?\s*%)", RegexOptions.CultureInvariant)]
    private static partial Regex Improbable();

    // "No, it …" and "no because" answer; "no idea", "no one" and "no problem" do not.
    [GeneratedRegex(@"^\s+(?!(?:it|that|this|they|we|he|she|there|i|you|because|since|as|but|so|for|based|given|and|in|at|on|with|to|is|would)\b)\p{L}", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NounOfNo();

    [GeneratedRegex(@"\b(?:(?:north|south|east|west|northeast|northwest|southeast|southwest|suburbs?|outskirts|edge)\s+of|outside(?:\s+of)?|near|nearby|beyond|close\s+to|next\s+to|adjacent\s+to|around|short\s+of)\s+(?:the\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex PlaceBefore();

    [GeneratedRegex(@"^(?:의)?\s*(?:북쪽|남쪽|동쪽|서쪽|북부|남부|근처|외곽|근교|바깥|밖|대학교|대학)", RegexOptions.CultureInvariant)]
    private static partial Regex PlaceBehind();

    [GeneratedRegex(@"\b(?:New|Old|Greater|North|South|East|West|Northern|Southern|Eastern|Western|Port|Fort|Mount)\s+$", RegexOptions.CultureInvariant)]
    private static partial Regex NameBefore();

    // An institution, or two more capital words.
    [GeneratedRegex(
        @"^\s+(?:[A-Z][\w'-]+\s+)?(?:University|College|Institute|Academy|School|Tower|Station|Airport|Hospital|Museum|Park|Bridge|Bank|Hotel|River|Street|Avenue|Road|Stadium|Palace|Metro|Subway|Times|Olympics|Company|Inc|Corp|Ltd|Group|Hilton|Jr)\b|^(?:\s+(?!(?:It|The|This|That|These|Those|Because|Since|As|And|Or|But|Is|Was|Not|In|At|On|Of|For|With|To|If|When|So|By|From)\b)[A-Z][a-z]+){2}",
        RegexOptions.CultureInvariant)]
    private static partial Regex NameBehind();

    [GeneratedRegex(@"\b(?:would|could|might)\s+(?:only\s+)?be\s+(?:(?:a|an|the)\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Unreal();

    [GeneratedRegex(@"^[""'*]*\s+(?:only\s+)?(?:if|unless|had)\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Condition();

    [GeneratedRegex(@"^[\s""'*]*[,;(–—-]?\s*(?:and\s+)?not\s+(?:(?:a|an|the)\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotBetween();

    [GeneratedRegex(@"^[\s""'*]*(?:[.,;!)]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex Closing();

    [GeneratedRegex(@"^[""'*]*(?:\s+\w+){0,2}[""'*]*(?:[,;.–—-]?\s*(?:but(?:\s+rather)?|rather)|[,;.–—-]\s*(?:it|this|that)(?:\s+is|['’]s)|(?:이|가)?\s*(?:아니라|아니고|아니며))\s*,?\s*(?:(?:a|an|the)\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex ButBetween();

    [GeneratedRegex(@"^[""'*]*\s+is\s+(?:wrong|incorrect|false)\s*[.;,]\s*(?:and\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WrongBetween();

    [GeneratedRegex(@"^[""'*]*\s+is\s+(?:right|correct|true|the\s+(?:answer|right\s+one))\b", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Right();

    [GeneratedRegex(@"^[\s""'*]*\?", RegexOptions.CultureInvariant)]
    private static partial Regex Doubting();

    [GeneratedRegex(@"(?:\bnot|n['’]t)\s+(?:only|just|merely|simply|exactly|necessarily|quite)\s+(?:(?:a|an|the)\s+)?[""'*]*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex NotOnly();
}
