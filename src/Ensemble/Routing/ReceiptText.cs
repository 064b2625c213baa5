using System.Globalization;
using System.Text;

namespace Ensemble;

/// <summary>Writes a receipt as one line for people.</summary>
internal static class ReceiptText
{
    // How the note of a semantic router begins.
    private const string SemanticMatch = "semantic: ";

    public static string Line(Receipt receipt)
    {
        StringBuilder line = new();
        line.Append(receipt.Name);
        if (receipt.AnsweredBy is { } member && member != receipt.Name)
        {
            line.Append(CultureInfo.InvariantCulture, $": {member} answered");
        }
        else
        {
            bool together = receipt.AnsweredBy is null && receipt.Attempts.Any(static attempt => attempt.Outcome == AttemptOutcome.Answered)
                && (receipt.Kind != EnsembleRequestRun.Kind || receipt.Attempts[^1].Outcome == AttemptOutcome.Answered);
            line.Append(together ? ": the members answered together" : receipt.AnsweredBy is null ? ": nobody answered" : " answered");
        }

        if (receipt.Vote is { } vote)
        {
            line.Append(CultureInfo.InvariantCulture, $" ({Describe(vote)})");
        }

        foreach (Attempt attempt in receipt.Attempts)
        {
            if (attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Skipped)
            {
                line.Append(CultureInfo.InvariantCulture, $"; {attempt.Member} {(attempt.Failure is { } failure ? $"failed: {failure}" : "was skipped")}");
                line.Append(attempt.Failure is null && attempt.Note?.StartsWith(AttemptRunner.RefusedPrefix, StringComparison.Ordinal) is true ? $" ({attempt.Note})" : "");
            }
        }

        line.Append(CultureInfo.InvariantCulture, $"; {receipt.Duration.TotalSeconds:0.00} s");
        if (receipt.InputTokens is { } input)
        {
            line.Append(CultureInfo.InvariantCulture, $"; {input} tokens in");
            line.Append(receipt.CachedInputTokens is > 0 and { } kept ? string.Create(CultureInfo.InvariantCulture, $" ({kept} kept)") : "");
            line.Append(CultureInfo.InvariantCulture, $", {receipt.OutputTokens ?? 0} out");
        }

        line.Append(receipt.CostUsd is { } cost ? string.Create(CultureInfo.InvariantCulture, $"; ${cost:0.######}") : "; price unknown");
        line.Append(receipt.Replayed ? " (replayed from a cache)" : "");
        line.Append(receipt.Degraded ? "; degraded" : "");
        foreach (string note in receipt.Notes)
        {
            if (note.StartsWith(BudgetFallbackChatClient.NotePrefix, StringComparison.Ordinal) || note.StartsWith(SemanticMatch, StringComparison.Ordinal))
            {
                line.Append("; ").Append(note);
            }
            else if (note.StartsWith(SelectionPlanner.NotePrefix, StringComparison.Ordinal))
            {
                line.Append("; ").Append(note.AsSpan(SelectionPlanner.NotePrefix.Length));
            }
            else if (note.StartsWith(RouteQueue.RefusedPrefix, StringComparison.Ordinal))
            {
                line.Append("; ").Append(note.AsSpan(RouteQueue.RefusedPrefix.Length));
            }
            else if (receipt.Kind == CascadeChatClient.Kind)
            {
                // Which rule kept the answer or passed it on, and by how much.
                line.Append("; ").Append(note);
            }
        }

        return line.ToString();
    }

    private static string Describe(Vote vote) => vote.Outcome switch
    {
        VoteOutcome.NoConsensus => "free text, no consensus",
        _ when vote.Winner is null => "no ballot could be read",
        VoteOutcome.Tied => string.Create(CultureInfo.InvariantCulture, $"a tie, '{vote.Winner}' came first, {vote.Agreement:0%} of {vote.Ballots.Count}"),
        VoteOutcome.NoAgreement => string.Create(CultureInfo.InvariantCulture, $"no agreement among {vote.Ballots.Count}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"'{vote.Winner}' won with {(vote.PossibleAgreement > vote.Agreement ? "at least " : "")}{vote.Agreement:0%} of {vote.Ballots.Count}"),
    };
}
