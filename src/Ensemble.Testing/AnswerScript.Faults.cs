using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <content>The ways in which members fail in the field.</content>
public sealed partial class AnswerScript
{
    /// <summary>Throws before the first byte.</summary>
    /// <param name="error">The exception; the same instance at each call.</param>
    /// <returns>The script.</returns>
    public static AnswerScript Fail(Exception error)
    {
        ArgumentNullException.ThrowIfNull(error);
        return new(new AnswerPlan { Fault = AnswerFault.Throw, Error = _ => error });
    }

    /// <summary>Answers with an HTTP error before the first byte.</summary>
    /// <param name="statusCode">The status.</param>
    /// <param name="body">The body, which may say more than the status: an exhausted balance arrives as 400 or 429 at some providers.</param>
    /// <param name="headers">The headers; <see langword="null"/> for none.</param>
    /// <returns>The script.</returns>
    public static AnswerScript Http(int statusCode, string? body = null, IReadOnlyDictionary<string, string>? headers = null)
    {
        Dictionary<string, string> copy = new(headers ?? new Dictionary<string, string>(), StringComparer.OrdinalIgnoreCase);
        return new(new AnswerPlan
        {
            Fault = AnswerFault.Throw,
            Error = _ => new ModelHttpException($"The model's server answered {statusCode}.") { StatusCode = statusCode, Body = body, Headers = copy },
        });
    }

    /// <summary>Answers 429 before the first byte.</summary>
    /// <param name="wait">How long the member wants to be left alone.</param>
    /// <param name="dialect">How it says so.</param>
    /// <returns>The script.</returns>
    public static AnswerScript RateLimited(TimeSpan wait, RetryAfterDialect dialect = RetryAfterDialect.Seconds) => new(new AnswerPlan
    {
        Fault = AnswerFault.Throw,
        Error = now => RateLimitAnswer.Create(wait, dialect, now),
    });

    /// <summary>Never answers; only cancellation ends the call.</summary>
    /// <returns>The script.</returns>
    public static AnswerScript Hang() => new(new AnswerPlan { Fault = AnswerFault.Hang });

    /// <summary>Finishes without any content: an empty message, or a stream with a finish reason alone.</summary>
    /// <returns>The script.</returns>
    public static AnswerScript Empty() => new(new AnswerPlan());

    /// <summary>Answers without a message, and streams not a single update.</summary>
    /// <returns>The script.</returns>
    public static AnswerScript Nothing() => new(new AnswerPlan { FinishReason = null, ReportsUsage = false });

    /// <summary>Sends the role and then ends, without content or finish reason.</summary>
    /// <returns>The script.</returns>
    public static AnswerScript RoleOnly() => new(new AnswerPlan { RoleFirst = true, FinishReason = null, ReportsUsage = false });

    /// <summary>Answers with whole and valid JSON of a shape that nobody asked for.</summary>
    /// <returns>The script.</returns>
    public static AnswerScript WrongSchema() => Text("""{"unasked":""", "true}");

    /// <summary>Ends cleanly after some pieces, without a finish reason.</summary>
    /// <param name="pieces">How many pieces are sent before.</param>
    /// <returns>A new script.</returns>
    public AnswerScript CutAfter(int pieces) => Faulty(AnswerFault.Cut, pieces);

    /// <summary>Throws after some pieces: the connection is lost, or the server reports an error in mid-stream.</summary>
    /// <param name="pieces">How many pieces are sent before.</param>
    /// <param name="error">The exception, made anew at each call; by default the transport's own for a connection that ended early.</param>
    /// <returns>A new script.</returns>
    public AnswerScript FailAfter(int pieces, Func<Exception>? error = null) => Faulty(AnswerFault.Throw, pieces, error
        ?? (static () => new HttpRequestException(HttpRequestError.ResponseEnded, "The response ended prematurely.")));

    /// <summary>Throws what a parser throws for a malformed event after some pieces.</summary>
    /// <param name="pieces">How many pieces are sent before; 0 for a body that is malformed from the start.</param>
    /// <returns>A new script.</returns>
    public AnswerScript MalformedAfter(int pieces) => Faulty(AnswerFault.Throw, pieces, static () => new JsonException("'<' is an invalid start of a value."));

    /// <summary>Sends an <see cref="ErrorContent"/> after some pieces and ends there, as some adapters report an error in mid-stream.</summary>
    /// <param name="pieces">How many pieces are sent before.</param>
    /// <returns>A new script.</returns>
    public AnswerScript ErrorContentAfter(int pieces) => Faulty(AnswerFault.ErrorContent, pieces);

    /// <summary>Sends nothing more after some pieces; only cancellation ends the call.</summary>
    /// <param name="pieces">How many pieces are sent before.</param>
    /// <returns>A new script.</returns>
    public AnswerScript HangAfter(int pieces) => Faulty(AnswerFault.Hang, pieces);

    /// <summary>Stalls once after some pieces and then goes on.</summary>
    /// <param name="pieces">How many pieces are sent before.</param>
    /// <param name="pause">How long it stalls, in the member's time.</param>
    /// <returns>A new script.</returns>
    public AnswerScript StallAfter(int pieces, TimeSpan pause) => With(Faulty(AnswerFault.Pause, pieces).Plan with { FaultPause = NotNegative(pause) });

    /// <summary>Sends all pieces and no finish reason.</summary>
    /// <returns>A new script.</returns>
    public AnswerScript WithoutFinishReason() => With(Plan with { FinishReason = null });

    /// <summary>Streams the last update, which carries the finish reason and the usage, twice.</summary>
    /// <returns>A new script.</returns>
    public AnswerScript RepeatingFinalUpdate() => With(Plan with { RepeatsFinalUpdate = true });

    private AnswerScript Faulty(AnswerFault fault, int pieces, Func<Exception>? error = null)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pieces);
        return With(Plan with { Fault = fault, FaultAfter = pieces, Error = error is null ? null : _ => error() });
    }
}
