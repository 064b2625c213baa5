using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Takes off what only says that an answer follows, so that "The answer is Paris.", "Answer: Paris" and <c>\boxed{Paris}</c> are "Paris".</summary>
internal static partial class AnswerFrame
{
    /// <summary>Returns the answer of a text without its frame; the text itself where there is none.</summary>
    public static string Without(string text)
    {
        if (FinalAnswer.Boxed(text) is not null)
        {
            return FinalAnswer.Find(text)!;
        }

        Match lead = Lead().Match(text) is { Success: true } last ? last : Whole().Match(text);
        return lead.Success ? Copula().Replace(lead.Groups["said"].Value, "") : text;
    }

    private const string Frame = @"[\s*#]*(?:(?:so|therefore|thus|hence)\b,?\s*)?(?:(?:the|my|our)\s+)?(?:(?:final|correct)\s+)?(?:answer\**\s*(?:is\b\s*:?|:)|answer\**\s*\n|(?:최종\s*)?(?:정답|답)(?:은|\s*:))[\s:*]*";

    // The last sentence, which holds nothing else.
    [GeneratedRegex(@"(?:^|(?<=[.!?]\s)|(?<=\n))" + Frame + @"(?<said>(?:[^.!?\n]|[.!?](?=\S))*[^\s.!?*][.!?*\s]*)$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Lead();

    // "Answer: U.S. Steel"
    [GeneratedRegex("^" + Frame + @"(?<said>[^\n]+)\s*$", RegexOptions.IgnoreCase | RegexOptions.CultureInvariant)]
    private static partial Regex Whole();

    // 정답은 파리입니다.
    [GeneratedRegex(@"(?<=[가-힣A-Za-z0-9])(?:입니다|이에요|예요)(?=[\s.!*]*$)", RegexOptions.CultureInvariant)]
    private static partial Regex Copula();
}
