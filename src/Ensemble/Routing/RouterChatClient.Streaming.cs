using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class RouterChatClient
{
    /// <inheritdoc/>
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
        StreamAttempt? open = null;
        Exception? error = null;
        bool settled = false;
        try
        {
            await run.PlanAsync(messages, cancellationToken).ConfigureAwait(false);
            AttemptResult? last = null;
            while (run.Next() is { } member)
            {
                StreamAttempt attempt = open = new StreamAttempt(Runner, member, messages, run.OptionsFor(member), cancellationToken);
                last = await attempt.OpenAsync().ConfigureAwait(false);
                if (last is not null)
                {
                    await attempt.DisposeAsync().ConfigureAwait(false);
                    open = null;
                    error = Record(run, member, last, cancellationToken);
                    if (error is not null)
                    {
                        throw error;
                    }

                    continue;
                }

                foreach (ChatResponseUpdate update in attempt.Buffered.ToArray())
                {
                    yield return Pinned(member, update);
                    Composition.Restore(activity);
                }

                while (await attempt.MoveNextAsync().ConfigureAwait(false))
                {
                    yield return Pinned(member, attempt.Current!);
                    Composition.Restore(activity);
                }

                await attempt.DisposeAsync().ConfigureAwait(false);
                open = null;
                run.Add(member, attempt.Result!.Attempt);
                if (!attempt.Result.Succeeded)
                {
                    throw error = Interrupted(run, member, attempt, cancellationToken);
                }

                Receipt receipt = run.Receipt.Build(member.Name);
                EnsembleTelemetry.Finish(activity, receipt);
                settled = true;
                yield return ReceiptCarrier.Update(receipt);
                yield break;
            }

            throw error = run.Exhausted(last?.Error);
        }
        finally
        {
            if (open is not null)
            {
                await open.DisposeAsync().ConfigureAwait(false);
                run.Add(open.Member, open.Result!.Attempt);
            }

            if (!settled)
            {
                Composition.Fail(activity, run.Receipt, error, _runtime, Runner.Logger);
            }
        }
    }

    // An iterator cannot yield inside a try that catches, so the error is caught here and thrown there.
    private static Exception? Record(RouteRun run, Member member, AttemptResult result, CancellationToken cancellationToken)
    {
        try
        {
            run.Failed(member, result, cancellationToken);
            return null;
        }
        catch (Exception exception)
        {
            return exception;
        }
    }

    private Exception Interrupted(RouteRun run, Member member, StreamAttempt attempt, CancellationToken cancellationToken)
    {
        AttemptResult result = attempt.Result!;
        if (result.Cancelled)
        {
            return new OperationCanceledException("The caller cancelled.", result.Error, cancellationToken);
        }

        Log.Interrupted(Runner.Logger, Name, member.Name, result.Failure.Class);
        return new StreamInterruptedException(
            $"{Name}: {member.Name} broke off after content had reached the caller ({result.Failure.Class}: {result.Attempt.Note}); Partial holds what was received.", result.Error)
        { Partial = attempt.Partial, Receipt = run.Receipt.Build() };
    }

    private ChatResponseUpdate Pinned(Member member, ChatResponseUpdate update) =>
        Members.Count > 1 ? ConversationPin.Mark(member, update) : update;
}
