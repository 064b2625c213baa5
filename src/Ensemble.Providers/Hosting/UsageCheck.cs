using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Lets no impossible token counts into money: those are dropped with a note, and the engine counts itself.</summary>
internal static class UsageCheck
{
    private const string Note = "the reported token counts are impossible and were dropped.";

    public static UsageDetails? Keep(UsageDetails? usage, OptionNotes notes)
    {
        if (usage is null || IsPossible(usage))
        {
            return usage;
        }

        notes.Add(Note);
        return null;
    }

    public static void Keep(IList<AIContent> contents, OptionNotes notes)
    {
        for (int i = contents.Count - 1; i >= 0; i--)
        {
            if (contents[i] is UsageContent usage && !IsPossible(usage.Details))
            {
                contents.RemoveAt(i);
                notes.Add(Note);
            }
        }
    }

    private static bool IsPossible(UsageDetails usage) =>
        usage is not ({ InputTokenCount: < 0 } or { OutputTokenCount: < 0 } or { CachedInputTokenCount: < 0 } or { ReasoningTokenCount: < 0 })
        && !(usage.CachedInputTokenCount > usage.InputTokenCount)
        && !(usage.ReasoningTokenCount > usage.OutputTokenCount);
}
