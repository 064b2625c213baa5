using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Lets a judge pick one of the choices that share the lead.</summary>
internal static class TieBreaker
{
    /// <summary>Returns the choices that share the lead; none when one leads alone.</summary>
    public static IReadOnlyList<string> Leaders(Vote vote) =>
        vote is { Outcome: VoteOutcome.Tied or VoteOutcome.NoAgreement, Counts.Count: > 1 }
            ? [.. vote.Counts.Where(count => count.Value.Equals(vote.Counts[0].Value)).Select(count => count.Key)]
            : [];

    /// <summary>Asks the judge; its options are numbered, so that long choices need not be repeated word by word.</summary>
    public static async Task<(AttemptResult Result, string? Choice)> AskAsync(
        AttemptRunner runner, Member judge, IReadOnlyList<ChatMessage> messages, IReadOnlyList<string> leaders, ChatOptions? options, RequestRules? rules, CancellationToken cancellationToken)
    {
        StringBuilder question = new("These answers were given equally often:\n");
        for (int i = 0; i < leaders.Count; i++)
        {
            question.Append('(').Append((char)('A' + i)).Append(") ").Append(leaders[i]).Append('\n');
        }

        question.Append("Which one is best? Answer with its letter only.");
        AttemptResult result = await runner.AskAsync(
            judge, [.. messages, new ChatMessage(ChatRole.User, question.ToString())], options, rules, runner.Timeout, cancellationToken).ConfigureAwait(false);
        string? letter = result.Response is { Text: { } text } response && response.FinishReason != ChatFinishReason.Length ? new LetterNormalizer(leaders.Count).Read(text) : null;
        return (result, letter is null ? null : leaders[letter[0] - 'A']);
    }
}
