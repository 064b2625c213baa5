using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class RouterChatClient
{
    /// <inheritdoc/>
    /// <exception cref="DeadlineExceededException">The time is up, and no content had come.</exception>
    /// <exception cref="BudgetExceededException">No budget pays for any member.</exception>
    /// <exception cref="AllMembersFailedException">Every member failed before its first content.</exception>
    /// <exception cref="StreamInterruptedException">The stream broke after content had reached the caller.</exception>
    /// <exception cref="EnsembleException">The request itself is at fault.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(Composition.Materialize(messages), options, cancellationToken);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        RouteRun run = new(this, options);
        using Turn? turn = Turn.Begin(run.Request, cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        OpenStream? open = null;
        Exception? error = null;
        bool settled = false;
        StreamContinuation? continuation = null;
        try
        {
            await run.PlanAsync(messages, cancellationToken).ConfigureAwait(false);
            AttemptResult? last = null;
            IReadOnlyList<ChatMessage> asked = messages;
            while (await run.NextAsync(asked, streaming: true, cancellationToken).ConfigureAwait(false) is { } step)
            {
                if (run.HedgingDelay(step, streaming: true) is { } delay)
                {
                    open = await RaceStreamsAsync(run, step, asked, delay, cancellationToken).ConfigureAwait(false);
                }
                else
                {
                    open = new OpenStream(step, Open(run, step, asked, cancellationToken));
                    _ = await open.Attempt.OpenAsync().ConfigureAwait(false);
                }

                (step, StreamAttempt attempt) = (open.Step, open.Attempt);
                last = attempt.Result;
                if (last is not null)
                {
                    await open.CloseAsync().ConfigureAwait(false);
                    open = null;
                    last = attempt.Result!;
                    error = Record(run, step, last, cancellationToken);
                    if (error is not null)
                    {
                        throw error;
                    }

                    continue;
                }

                step.Loan?.HasContent();
                continuation?.Begin(run.Receipt, step.Member);
                while (await attempt.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return Handed(step.Member, attempt.Current!, continuation);
                    Composition.Restore(activity);
                }

                await open.CloseAsync().ConfigureAwait(false);
                open = null;
                run.Add(step.Member, attempt.Result!.Attempt);
                if (!attempt.Result.Succeeded)
                {
                    if (Options.ContinueInterrupted && attempt.Result.Failure.Scope is not FailureScope.Request && StreamContinuation.From(continuation, step.Member, attempt.Partial!) is { } next)
                    {
                        Log.Interrupted(Runner.Logger, Name, step.Member.Name, attempt.Result.Failure.Class);
                        (continuation, last) = (next, attempt.Result);
                        asked = next.Messages(messages);
                        continue;
                    }

                    throw error = attempt.Interrupted(Name, () => run.Complete(null), continuation, cancellationToken);
                }

                Receipt receipt = run.Complete(step.Member.Name);
                Composition.Finish(activity, receipt, _runtime, Runner.Logger, turn);
                settled = true;
                yield return ReceiptCarrier.Update(receipt);
                yield break;
            }

            throw error = continuation?.Interrupted(run.Exhausted(last?.Error)) ?? run.Exhausted(last?.Error);
        }
        finally
        {
            if (open is not null)
            {
                await open.CloseAsync().ConfigureAwait(false);
                run.Add(open.Step.Member, open.Attempt.Result!.Attempt);
            }

            if (!settled)
            {
                Composition.Fail(activity, run.Receipt, error, _runtime, Runner.Logger, turn);
            }
        }
    }

    // An iterator cannot yield inside a try that catches, so the error is caught here and thrown there.
    private static Exception? Record(RouteRun run, RouteStep step, AttemptResult result, CancellationToken cancellationToken)
    {
        try
        {
            run.Failed(step, result, cancellationToken);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private StreamAttempt Open(RouteRun run, RouteStep step, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken) =>
        new(Runner, step.Way, run.MessagesFor(step.Member, messages), run.OptionsFor(step), run.RulesFor(step.Member), Options.StreamLimits, step.Limit, step.TimeLeft, run.PaymentFor(step), cancellationToken);

    private async Task<OpenStream> RaceStreamsAsync(
        RouteRun run, RouteStep step, IReadOnlyList<ChatMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        Contender Start(RouteStep begun)
        {
            CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            StreamAttempt attempt = Open(run, begun, messages, own.Token);
            return new Contender(begun, own, attempt, attempt.OpenAsync());
        }

        Contender won = await HedgedRace.RunAsync(
            run, Start(step), delay, () => run.Beside(step, messages) is { } beside ? Start(beside) : null, Runner.Time, cancellationToken).ConfigureAwait(false);
        return new OpenStream(won.Step, won.Stream!, won);
    }

    private ChatResponseUpdate Handed(Member member, ChatResponseUpdate update, StreamContinuation? continuation)
    {
        if (Members.Count > 1)
        {
            OpaqueState.Mark(Name, member, update.Contents);
        }

        ChatResponseUpdate pinned = Members.Count > 1 ? ConversationPin.Mark(member, update) : update;
        return continuation?.Mark(pinned) ?? pinned;
    }
}
