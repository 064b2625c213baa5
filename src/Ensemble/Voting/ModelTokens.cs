using System.Text.RegularExpressions;

namespace Ensemble;

/// <summary>Takes out the control tokens of chat templates that servers leave in a text: channels (gpt-oss) and what ends a turn.</summary>
internal static partial class ModelTokens
{
    private static readonly string[] Ends = ["<|im_end|>", "<|eot_id|>", "<|eom_id|>", "<|end_of_text|>", "<|endoftext|>", "<|end|>", "<|return|>", "<|end_of_turn|>", "<|eot|>", "</s>", "<end_of_turn>", "<eos>", "<｜end▁of▁sentence｜>"];

    /// <summary>Returns the last channel when it is the final one, up to where the turn ends; nothing when the answer was not reached.</summary>
    /// <remarks>Of <c>&lt;|channel|&gt;analysis&lt;|message|&gt;…&lt;|channel|&gt;final&lt;|message|&gt;6</c> it is 6. What a model goes on with behind the end of its turn is another turn.</remarks>
    public static string Without(string text)
    {
        if (Unmarked().Match(text) is { Success: true } unmarked)
        {
            return unmarked.Groups["final"].Success ? unmarked.Groups["final"].Value : "";
        }

        if (!text.Contains('<'))
        {
            return text;
        }

        MatchCollection channels = Channel().Matches(text);
        if (channels.Count > 0)
        {
            Match last = channels[^1];
            if (last.Groups["name"].ValueSpan is not "final")
            {
                return "";
            }

            text = text[(last.Index + last.Length)..];
        }

        int start = Opening().Match(text).Length;
        Match end = End().Match(text, start);
        return end.Success ? text[start..end.Index] : text[start..];
    }

    /// <summary>Returns code or JSON, which may name such tokens itself, without those at its ends.</summary>
    public static string WithoutAround(string text)
    {
        if (!text.Contains('<'))
        {
            return text;
        }

        if (text.AsSpan().TrimStart() is ['<', '|', ..])
        {
            return Without(text);
        }

        ReadOnlySpan<char> kept = text.AsSpan().TrimEnd();
        int whole = kept.Length;
        for (int i = 0; i < Ends.Length; i++)
        {
            if (kept.EndsWith(Ends[i]))
            {
                kept = kept[..^Ends[i].Length].TrimEnd();
                i = -1;
            }
        }

        return kept.Length == whole ? text : kept.ToString();
    }

    [GeneratedRegex(@"<\|channel\|>\s*(?<name>\w+)[^<]*(?:<\|constrain\|>[^<]*)?<\|message\|>", RegexOptions.CultureInvariant)]
    private static partial Regex Channel();

    [GeneratedRegex(@"^(?:\s*(?:<\|(?:im_start|start_header_id|start|begin_of_text|startoftext)\|>(?:\s*assistant\b)?(?:\s*<\|end_header_id\|>)?|<start_of_turn>(?:\s*model\b)?|<s>|<bos>))*", RegexOptions.CultureInvariant)]
    private static partial Regex Opening();

    // <s>5</s> is struck out where text stands before it.
    [GeneratedRegex(@"<\|(?:im_end|im_start|eot_id|eom_id|end_of_text|endoftext|end|return|call|start|end_of_turn|eot|start_header_id)\|>|(?<!\S\s*<s>[^<]*)</s>(?=\s*$)|<end_of_turn>|<eos>|<｜end▁of▁sentence｜>", RegexOptions.CultureInvariant)]
    private static partial Regex End();

    // Channels whose tokens were dropped on the way: "analysisWe need…assistantfinalSeoul".
    [GeneratedRegex(@"^analysis(?=[A-Z][a-z]*[\s'’])(?:[\s\S]*assistantfinal(?<final>[\s\S]*))?", RegexOptions.CultureInvariant)]
    private static partial Regex Unmarked();
}
