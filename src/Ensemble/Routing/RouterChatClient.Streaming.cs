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
        OpenStream? open = null;
        Exception? error = null;
        bool settled = false;
        StreamContinuation? continuation = null;
        try
        {
            await run.PlanAsync(messages, cancellationToken).ConfigureAwait(false);
            AttemptResult? last = null;
            while (await run.NextAsync(messages, cancellationToken).ConfigureAwait(false) is { } step)
            {
                StreamAttempt attempt = new(
                    Runner, step.Way, run.MessagesFor(step.Member, continuation?.Messages(messages) ?? messages), run.OptionsFor(step), Options.StreamLimits, step.Limit, step.TimeLeft, cancellationToken);
                open = new OpenStream(step, attempt);
                last = await attempt.OpenAsync().ConfigureAwait(false);
                if (last is not null)
                {
                    await open.CloseAsync().ConfigureAwait(false);
                    open = null;
                    error = Record(run, step, last, cancellationToken);
                    if (error is not null)
                    {
                        throw error;
                    }

                    continue;
                }

                continuation?.Begin(run.Receipt, step.Member);
                foreach (ChatResponseUpdate update in attempt.Buffered.ToArray())
                {
                    yield return Handed(step.Member, update, continuation);
                    Composition.Restore(activity);
                }

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
                    if (Options.ContinueInterrupted && attempt.Result.Failure.Scope is not FailureScope.Request && StreamContinuation.From(continuation, step.Member, attempt.Partial) is { } next)
                    {
                        Log.Interrupted(Runner.Logger, Name, step.Member.Name, attempt.Result.Failure.Class);
                        (continuation, last) = (next, attempt.Result);
                        continue;
                    }

                    throw error = Interrupted(run, step.Member, attempt, continuation, cancellationToken);
                }

                Receipt receipt = run.Complete(step.Member.Name);
                EnsembleTelemetry.Finish(activity, receipt);
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
                Composition.Fail(activity, run.Receipt, error, _runtime, Runner.Logger);
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

    private Exception Interrupted(RouteRun run, Member member, StreamAttempt attempt, StreamContinuation? continuation, CancellationToken cancellationToken)
    {
        AttemptResult result = attempt.Result!;
        if (result.Cancelled)
        {
            return new OperationCanceledException("The caller cancelled.", result.Error, cancellationToken);
        }

        Log.Interrupted(Runner.Logger, Name, member.Name, result.Failure.Class);
        return new StreamInterruptedException(
            $"{Name}: {member.Name} broke off after content had reached the caller ({result.Failure.Class}: {result.Attempt.Note}); Partial holds what was received.", result.Error)
        { Partial = continuation?.Join(attempt.Partial) ?? attempt.Partial, Receipt = run.Complete(null) };
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
