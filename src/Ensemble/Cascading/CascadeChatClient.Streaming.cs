using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class CascadeChatClient
{
    /// <inheritdoc/>
    /// <remarks>An answer that may still be replaced is held back until the rule has spoken; the last member's is streamed as it comes.</remarks>
    /// <exception cref="AllMembersFailedException">Every member failed before its first content.</exception>
    /// <exception cref="StreamInterruptedException">The last member's stream broke after content had reached the caller.</exception>
    /// <exception cref="DeadlineExceededException">The time is up, and nobody had answered.</exception>
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
        CascadeRun run = new(this, messages, options);
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        StreamAttempt? open = null;
        Exception? error = null;
        bool settled = false;
        try
        {
            (ChatResponse? answer, Member? last, error) = await AskAllButLastAsync(run, messages, cancellationToken).ConfigureAwait(false);
            if (error is not null)
            {
                throw error;
            }

            if (last is not null)
            {
                StreamAttempt attempt = open = new StreamAttempt(Runner, last, run.MessagesFor(last, messages), run.OptionsFor(last), run.Rules, Options.Routing.StreamLimits, run.Limit, run.TimeLeft, payment: null, cancellationToken);
                if (await attempt.OpenAsync().ConfigureAwait(false) is null)
                {
                    while (await attempt.MoveNextAsync().ConfigureAwait(false))
                    {
                        run.Mark(last, attempt.Current!.Contents);
                        yield return attempt.Current;
                        Composition.Restore(activity);
                    }

                    await attempt.DisposeAsync().ConfigureAwait(false);
                    open = null;
                    run.Receipt.Add(attempt.Result!.Attempt);
                    if (!attempt.Result.Succeeded)
                    {
                        throw error = attempt.Interrupted(Name, () => run.Receipt.Build(), continuation: null, cancellationToken);
                    }

                    run.Receipt.Note($"{last.Name} is the last member; its answer stands");
                    Receipt streamed = run.Receipt.Build(last.Name);
                    Composition.Finish(activity, streamed, _runtime, Runner.Logger, turn);
                    settled = true;
                    yield return ReceiptCarrier.Update(streamed);
                    yield break;
                }

                // Only now is it settled what it has cost.
                await attempt.DisposeAsync().ConfigureAwait(false);
                open = null;
                (answer, error) = End(run, last, attempt.Result!, cancellationToken);
                if (error is not null)
                {
                    throw error;
                }
            }

            ChatResponse whole = answer!;
            Receipt receipt = whole.GetReceipt()!;
            Composition.Finish(activity, receipt, _runtime, Runner.Logger, turn);
            settled = true;
            foreach (ChatResponseUpdate update in PanelUpdates.Create(whole, receipt))
            {
                yield return update;
                Composition.Restore(activity);
            }
        }
        finally
        {
            if (open is not null)
            {
                await open.DisposeAsync().ConfigureAwait(false);
                run.Receipt.Add(open.Result!.Attempt);
            }

            if (!settled)
            {
                Composition.Fail(activity, run.Receipt, error, _runtime, Runner.Logger, turn);
            }
        }
    }

    // An iterator cannot yield inside a try that catches, so errors are caught here and thrown there.
    private async Task<(ChatResponse? Answer, Member? Last, Exception? Error)> AskAllButLastAsync(CascadeRun run, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        try
        {
            while (run.Next() is { } member)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (run.IsLast)
                {
                    return (null, member, null);
                }

                AttemptResult result = await Runner.AskAsync(member, run.MessagesFor(member, messages), run.OptionsFor(member), run.Rules, run.Limit, cancellationToken).ConfigureAwait(false);
                if (run.Take(member, result, cancellationToken) is { } answer)
                {
                    return (answer, null, null);
                }
            }

            return (run.FallBack(), null, null);
        }
        catch (Exception exception)
        {
            return (null, null, exception);
        }
    }

    private static (ChatResponse? Answer, Exception? Error) End(CascadeRun run, Member member, AttemptResult failed, CancellationToken cancellationToken)
    {
        try
        {
            run.Receipt.Add(failed.Attempt);
            run.Failed(member, failed, cancellationToken);
            return (run.FallBack(), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
    }
}
