using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>
/// Says whether a text names something without giving it as its own answer: as a case ("if it is 5"), as a mere chance ("perhaps 5"), as what others say ("many say 5"), as what
/// held before ("previously 5"), or as a mistake. "Probably" and "I think" give an answer.
/// </summary>
internal static partial class Supposition
{
    // Far longer than any clause; keeps the search linear when many names stand in one text without punctuation.
    private const int Reach = 160;

    /// <summary>Says so of what stands at a place.</summary>
    public static bool Covers(string text, int start, int end)
    {
        string before = text[Math.Max(0, start - Reach)..start];
        string behind = text[end..Math.Min(text.Length, end + Reach)];
        return Chance().IsMatch(before) || Case().IsMatch(before) || Others().IsMatch(before) || Past().IsMatch(before) || Mistake().IsMatch(before)
            || KoreanCase().IsMatch(behind) || (KoreanOthers().IsMatch(before) && KoreanSaying().IsMatch(behind));
    }

    // "He could buy 5" answers how many he can.
    [GeneratedRegex(@"\b(?:perhaps|maybe|possibly|conceivably)\b,?[^.,;:!?\n]{0,40}$|\b(?:may|might|could)\s+(?:\w+\s+){0,2}be\b[^.,;:!?\n]{0,24}$|\bmight\s+$|혹시\s*\S{0,8}$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Chance();

    // "If you add them you get 5" ends in a main clause.
    [GeneratedRegex(
        @"\b(?:unless|whether|suppose|supposing|assume|assuming|imagine|imagining|let(?!['’]s|\s+(?:me|us)\b)|wonder(?:s|ing)?|what\s+if|in\s+case|provided\s+that)\b[^.,;:!?\n]{0,60}$|\bif\b(?:(?!\b(?:gets?|got|then|gives?|there|makes?|equals?|left|total|will|would|must)\b)[^.,;:!?\n]){0,60}$|\bwhen(?:ever)?\s+(?:\w+\s+){1,3}(?:is|are|was|were|=)\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Case();

    [GeneratedRegex(
        @"\b(?:(?:many|some|others|most(?!\s+(?:likely|probably))|few|people|everyone|everybody|nobody|no\s+one|nothing|someone|somebody|anyone|anybody|critics|experts|students?(?=\s+(?:often|usually|commonly|sometimes|would|might|will|say|think)\b))\b(?:\s+(?!(?:I|we)\b)[\w'’]+){0,4}?\s+(?:answer(?:s|ed)?|choose|chooses|chose|pick(?:s|ed)?|call(?:s|ed)?|consider(?:s|ed)?|expect(?:s|ed)?|say|says|said|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|argue[sd]?|guess(?:es|ed)?|suggest(?:s|ed)?)|(?:he|she|they|my\s+\w+|the\s+(?:sender|user|asker|others|majority))\b(?:\s+(?!(?:I|we)\b)[\w'’]+){0,2}?\s+(?:say|says|said|think|thinks|thought|believe[sd]?|claim(?:s|ed)?|argue[sd]?|told|marked))\b[^.,;:!?\n]{0,40}$|\b(?:is|was|are|were|been)\s+(?:(?:often|commonly|widely|sometimes|usually|frequently|generally|once|long|first)\s+)?(?:said|thought|believed|claimed|rumou?red|alleged|supposed|assumed|mistaken)\b[^.,;:!?\n]{0,40}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Others();

    [GeneratedRegex(
        @"\b(?:previously|formerly|used\s+to\s+be)\s*(?:it\s+was\s+|was\s+)?[""'*(:]*$|[,(;–—]\s*(?:originally|initially|once|earlier|was|were)\s*[""'*:]*$|\bI\s+(?:first|initially|originally)\s+(?:thought|guessed|chose|picked|got|said|answered|believed|considered)\b[^.,;:!?\n]{0,24}$|\bI\s+considered\b[^.,;:!?\n]{0,24}$|\b(?:first|initially|originally)\s*,?\s+I\s+(?:thought|guessed|chose|picked|got|said|answered|believed|considered)\b[^.,;:!?\n]{0,24}$|\b(?:first|initial|original)\s+(?:guess|thought|answer|try|attempt)\b[^.,;:!?\n]{0,24}$|(?:이전|예전|처음)(?:에는|엔|에|은|는)?\s*$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Past();

    [GeneratedRegex(
        @"\b(?:mistake|misconception|trap|pitfall|opposite)\b[^.,;:!?\n]{0,48}$|\b(?:refus\w*|hesita\w*|reluctant|hard|difficult|tempt\w*|wrong|incorrect|cannot|unable)\s+(?:to\s+)?(?:say|answer|call|choose|pick|conclude)\b[^.,;:!?\n]{0,40}$|\bI\s+(?:doubt|deny|wonder)\b[^.,;:!?\n]{0,48}$|\b(?:false|untrue|not\s+true|n['’]t\s+true|wrong)\s+that\b[^.,;:!?\n]{0,48}$|(?:n['’]t|\bnot)\s+(?:think|believe|say)\b[^.,;:!?\n]{0,48}$",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Mistake();

    [GeneratedRegex(@"^[^\s.,!?]{0,4}?(?:이?라면|이?라고\s*(?:가정|치면|하면)|일\s*(?:수도|지도)|인지(?:는|도)?\s|일까|일\s*경우)", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanCase();

    [GeneratedRegex(@"(?:사람|일부|누군가|흔히|대부분)[^.!?\n]{0,40}$", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanOthers();

    [GeneratedRegex(@"^[^\s.,!?]{0,4}?라고", RegexOptions.CultureInvariant)]
    private static partial Regex KoreanSaying();
}
