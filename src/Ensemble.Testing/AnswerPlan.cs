using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>One scripted answer as data.</summary>
internal sealed record AnswerPlan
{
    public IReadOnlyList<AIContent> Pieces { get; init; } = [];

    public TimeSpan FirstDelay { get; init; }

    public TimeSpan PieceDelay { get; init; }

    public bool RoleFirst { get; init; }

    public int EmptyUpdatesFirst { get; init; }

    public ChatFinishReason? FinishReason { get; init; } = ChatFinishReason.Stop;

    public bool RepeatsFinalUpdate { get; init; }

    public bool ReportsUsage { get; init; } = true;

    public UsageDetails? Usage { get; init; }

    public AnswerFault Fault { get; init; }

    public int FaultAfter { get; init; }

    public TimeSpan FaultPause { get; init; }

    public Func<DateTimeOffset, Exception>? Error { get; init; }

    /// <summary>Gets how many pieces leave before the fault; a fault past the end comes after the last piece, before the finish.</summary>
    public int PiecesBeforeFault => Fault is AnswerFault.None ? Pieces.Count : Math.Min(FaultAfter, Pieces.Count);
}
