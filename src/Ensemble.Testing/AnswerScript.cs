using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>
/// What a <see cref="ScriptedMember"/> answers to one call, streamed or not. Scripts are immutable: each method returns a new one, so a
/// script may be shared between members and threads. Unless told otherwise an answer takes no time, ends with
/// <see cref="ChatFinishReason.Stop"/> and reports one output token for each piece and one input token for each word asked.
/// </summary>
public sealed partial class AnswerScript
{
    private AnswerScript(AnswerPlan plan) => Plan = plan;

    internal AnswerPlan Plan { get; }

    /// <summary>Answers with text in the given pieces; a call that does not stream gets them joined.</summary>
    /// <param name="pieces">The pieces, each of which is one streamed update.</param>
    /// <returns>The script.</returns>
    public static AnswerScript Text(params string[] pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        return new(new AnswerPlan { Pieces = [.. pieces.Select(piece => new TextContent(piece))] });
    }

    /// <summary>Answers with the given contents, one a piece: reasoning, tool calls, data.</summary>
    /// <param name="pieces">The contents.</param>
    /// <returns>The script.</returns>
    public static AnswerScript Contents(params AIContent[] pieces)
    {
        ArgumentNullException.ThrowIfNull(pieces);
        return new(new AnswerPlan { Pieces = [.. pieces] });
    }

    /// <summary>Answers with a call of a tool and finishes with <see cref="ChatFinishReason.ToolCalls"/>.</summary>
    /// <param name="callId">The id of the call.</param>
    /// <param name="name">The tool's name.</param>
    /// <param name="arguments">The arguments; <see langword="null"/> for none.</param>
    /// <returns>The script.</returns>
    public static AnswerScript ToolCall(string callId, string name, IDictionary<string, object?>? arguments = null) =>
        Contents(new FunctionCallContent(callId, name, arguments)).FinishingWith(ChatFinishReason.ToolCalls);

    /// <summary>Waits before the first piece: the time to the first content.</summary>
    /// <param name="delay">How long, in the member's time.</param>
    /// <returns>A new script.</returns>
    public AnswerScript After(TimeSpan delay) => With(Plan with { FirstDelay = NotNegative(delay) });

    /// <summary>Waits between two pieces.</summary>
    /// <param name="delay">How long, in the member's time.</param>
    /// <returns>A new script.</returns>
    public AnswerScript Every(TimeSpan delay) => With(Plan with { PieceDelay = NotNegative(delay) });

    /// <summary>Sends an update with the role alone before the first piece, as many providers do.</summary>
    /// <returns>A new script.</returns>
    public AnswerScript RoleFirst() => With(Plan with { RoleFirst = true });

    /// <summary>Sends updates without any content before the first piece.</summary>
    /// <param name="count">How many.</param>
    /// <returns>A new script.</returns>
    public AnswerScript EmptyFirst(int count = 1)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        return With(Plan with { EmptyUpdatesFirst = count });
    }

    /// <summary>Finishes with another reason than <see cref="ChatFinishReason.Stop"/>.</summary>
    /// <param name="reason">The reason.</param>
    /// <returns>A new script.</returns>
    public AnswerScript FinishingWith(ChatFinishReason reason) => With(Plan with { FinishReason = reason });

    /// <summary>Reports the given usage instead of the true one; lies are allowed.</summary>
    /// <param name="inputTokens">The reported tokens of the prompt.</param>
    /// <param name="outputTokens">The reported tokens of the answer.</param>
    /// <param name="cachedInputTokens">The reported part of the prompt that was read from a cache; <see langword="null"/> to say nothing.</param>
    /// <returns>A new script.</returns>
    public AnswerScript ReportingUsage(long inputTokens, long outputTokens, long? cachedInputTokens = null) => With(Plan with
    {
        ReportsUsage = true,
        Usage = new UsageDetails
        {
            InputTokenCount = inputTokens,
            OutputTokenCount = outputTokens,
            TotalTokenCount = inputTokens + outputTokens,
            CachedInputTokenCount = cachedInputTokens,
        },
    });

    /// <summary>Reports no usage.</summary>
    /// <returns>A new script.</returns>
    public AnswerScript WithoutUsage() => With(Plan with { ReportsUsage = false, Usage = null });

    private static AnswerScript With(AnswerPlan plan) => new(plan);

    private static TimeSpan NotNegative(TimeSpan delay)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(delay, TimeSpan.Zero);
        return delay;
    }
}
