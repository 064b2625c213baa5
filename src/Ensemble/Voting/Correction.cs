using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Finds where a text takes back what it said before ("Wait, …", "Actually, …", 정정), or says that it has no answer.</summary>
internal static partial class Correction
{
    /// <summary>Says whether what follows an answer takes it back.</summary>
    public static bool Follows(string rest) => TakesBack().IsMatch(rest);

    /// <summary>Says whether a text names what is not the answer, and nothing else: "The wrong answer is B."</summary>
    public static bool NamesWrong(string text) => WrongAnswer().IsMatch(text);

    /// <summary>Says whether a text refuses to answer, or cannot.</summary>
    public static bool Refuses(string text) => Refusal().Match(text) is { Success: true } refusal && !GoesOn().IsMatch(text[(refusal.Index + refusal.Length)..]);

    [GeneratedRegex(
        @"(?:^|[.!?;,\n–—…(])[\s""'*(]*(?:(?:no|oh|hmm|hm|ah|um)\s*[,.…]*\s*)?(?:wait\b|actually\b(?!\W*$)|correction\b|sorry\b|scratch\s+that|rather\b|i\s+mean\b|i\s+meant\b|on\s+second\s+thought|my\s+mistake|oops\b|(?:no|hmm)\s*[,.]\s*(?:(?:it|that|the)\b|[0-9])|let\s+me\s+(?:correct|redo|re-?check|rephrase|re-?calculate)|make\s+that\b|that(?:['’]s|\s+is|\s+was)\s+(?:wrong|not\s+right|incorrect|a\s+mistake)|잠깐|정정|아니[\s,.]|다시\s*(?:보|생각|계산)|죄송|사실은?[\s,])",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex TakesBack();

    [GeneratedRegex(
        @"\b(?:I(?:\s+am|['’]m)?|we(?:\s+are|['’]re)?)\s+(?:really\s+|simply\s+)?(?:can(?:no|['’])?t|cannot|can\s+not|unable\s+to|not\s+able\s+to|won['’]t|couldn['’]t|could\s+not|don['’]t|do\s+not)\s+(?:help|assist|answer|provide|determine|say|tell|solve|compute|calculate|know|find|give|do|be\s+sure|have)\b|\b(?:can(?:no|['’])?t|cannot)\s+be\s+(?:determined|known|answered|computed|calculated|solved|found)\b|\b(?:not\s+enough|insufficient|no)\s+(?:information|data|idea)\b|^\s*N/A\b|^\s*error\s*:|\bno\s+solutions?\s+(?:for|at|when|if)\b|\bundefined\s+(?:at|for|when|if)\b|\bimpossible\s+to\s+(?:say|tell|know|determine|answer)\b|(?:답(?:변)?할|알|도와드릴|도울|계산할|구할|확인할|풀|말할)\s*수\s*(?:가\s*)?없|모르겠|모릅니다|몰라요",
        RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Refusal();

    [GeneratedRegex(
        @"^\W*(?:(?:the|a|an|one)\s+)?(?:(?:wrong|incorrect)\s+(?:answer|choice|option|label)\s*(?:is\b|was\b|:)|(?:오답|틀린\s*답)\s*(?:은|:))(?:[^.!?\n]|\.(?=[0-9]))*[.!?]?\W*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex WrongAnswer();

    [GeneratedRegex(@"\b(?:but|however|though|although|yet|so|guess|estimate)\b|지만|그래도", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex GoesOn();
}
