namespace Ensemble;

/// <summary>Adds up what the attempts of a receipt took.</summary>
internal static class ReceiptSums
{
    public static long? Tokens(IReadOnlyList<Attempt> attempts, Func<Attempt, long?> select)
    {
        long? sum = null;
        foreach (Attempt attempt in attempts)
        {
            if (select(attempt) is { } tokens)
            {
                sum = (sum ?? 0) + tokens;
            }
        }

        return sum;
    }

    public static decimal? Cost(IReadOnlyList<Attempt> attempts)
    {
        decimal sum = 0;
        foreach (Attempt attempt in attempts)
        {
            // Who was refused in the middle of a tool loop has been paid for what came before.
            if (attempt is { Outcome: AttemptOutcome.Skipped, CostUsd: null or 0m })
            {
                continue;
            }

            if (attempt.CostUsd is not { } cost)
            {
                return null;
            }

            sum += cost;
        }

        return sum;
    }
}
