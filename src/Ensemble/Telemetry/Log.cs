using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>Everything the engine logs; ids are stable, and no message holds prompt text.</summary>
internal static partial class Log
{
    public const string Category = "Ensemble";

    [LoggerMessage(1, LogLevel.Debug, "{Composition}: {Member} answered in {Milliseconds} ms")]
    public static partial void Answered(ILogger logger, string composition, string member, double milliseconds);

    [LoggerMessage(2, LogLevel.Warning, "{Composition}: {Member} failed ({Failure}: {Note}) after {Milliseconds} ms")]
    public static partial void Failed(ILogger logger, string composition, string member, FailureClass? failure, string? note, double milliseconds);

    [LoggerMessage(3, LogLevel.Error, "{Composition}: {Member} is out of use until someone acts ({Failure}: {Note}); logged once")]
    public static partial void OutOfUse(ILogger logger, string composition, string member, FailureClass? failure, string? note);

    [LoggerMessage(4, LogLevel.Warning, "{Composition}: {Member} broke off after content had reached the caller ({Failure})")]
    public static partial void Interrupted(ILogger logger, string composition, string member, FailureClass failure);

    [LoggerMessage(5, LogLevel.Debug, "{Composition}: vote {Outcome}, agreement {Agreement}, {Ballots} ballots")]
    public static partial void Voted(ILogger logger, string composition, VoteOutcome outcome, double agreement, int ballots);

    [LoggerMessage(6, LogLevel.Error, "{Composition}: the receipt sink threw {Error}")]
    public static partial void SinkFailed(ILogger logger, string composition, string error);

    [LoggerMessage(7, LogLevel.Debug, "The stream of {Member} threw {Error} while it was closed")]
    public static partial void DisposeFailed(ILogger logger, string error, string member);

    [LoggerMessage(8, LogLevel.Error, "{Composition}: the normalizer threw {Error} on the answer of {Member}; it counts as no ballot")]
    public static partial void NormalizerFailed(ILogger logger, string composition, string error, string member);

    [LoggerMessage(9, LogLevel.Warning, "{Name}: budget {Budget} cannot pay, and {Member} answers instead")]
    public static partial void Degraded(ILogger logger, string name, string? budget, string member);

    [LoggerMessage(10, LogLevel.Error, "{Model}: the ledger could not book a call ({Cause}); its booking {Booking} stays open, and the reserve is booked when that expires")]
    public static partial void BookingFailed(ILogger logger, string model, string cause, Guid booking);

    [LoggerMessage(20, LogLevel.Information, "The configuration was read again: {Models} models, {Compositions} compositions")]
    public static partial void Reloaded(ILogger logger, int models, int compositions);

    [LoggerMessage(21, LogLevel.Error, "The changed configuration is invalid, and the old one stays in force: {Problems}")]
    public static partial void ReloadRefused(ILogger logger, string problems);
}
