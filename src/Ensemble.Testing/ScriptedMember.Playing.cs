using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <content>Plays a script, whole or in pieces.</content>
public sealed partial class ScriptedMember
{
    private async Task PlayWholeAsync(AnswerPlan plan, CancellationToken cancellationToken)
    {
        int sent = plan.PiecesBeforeFault;
        await WaitAsync(plan.FirstDelay + (plan.PieceDelay * Math.Max(0, sent - 1)), cancellationToken).ConfigureAwait(false);
        switch (plan.Fault)
        {
            case AnswerFault.Throw:
                throw plan.Error!(_time.GetUtcNow());
            case AnswerFault.Hang:
                await WaitAsync(Timeout.InfiniteTimeSpan, cancellationToken).ConfigureAwait(false);
                break;
            case AnswerFault.Pause:
                await WaitAsync(plan.FaultPause + (plan.PieceDelay * (plan.Pieces.Count - sent)), cancellationToken).ConfigureAwait(false);
                break;
        }
    }

    private ChatResponse Whole(AnswerPlan plan, ScriptedCall call)
    {
        bool broken = plan.Fault is AnswerFault.Cut or AnswerFault.ErrorContent;
        List<AIContent> contents = [];
        foreach (AIContent piece in plan.Pieces.Take(broken ? plan.PiecesBeforeFault : plan.Pieces.Count))
        {
            if (piece is TextContent text && contents is [.., TextContent last])
            {
                contents[^1] = new TextContent(last.Text + text.Text);
            }
            else
            {
                contents.Add(piece);
            }
        }

        if (plan.Fault is AnswerFault.ErrorContent)
        {
            contents.Add(BrokenContent());
        }

        bool nothing = contents.Count == 0 && plan is { FinishReason: null, RoleFirst: false };
        return new ChatResponse(nothing ? [] : [new ChatMessage(ChatRole.Assistant, contents) { MessageId = MessageId(call) }])
        {
            ResponseId = ResponseId(call),
            ModelId = Name,
            FinishReason = broken ? null : plan.FinishReason,
            Usage = broken ? null : UsageOf(plan, call),
        };
    }

    private async IAsyncEnumerable<ChatResponseUpdate> PlayPiecesAsync(AnswerPlan plan, ScriptedCall call, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await WaitAsync(plan.FirstDelay, cancellationToken).ConfigureAwait(false);
        if (plan.RoleFirst)
        {
            yield return Update(call);
        }

        for (int i = 0; i < plan.EmptyUpdatesFirst; i++)
        {
            yield return new ChatResponseUpdate { ResponseId = ResponseId(call), ModelId = Name };
        }

        for (int i = 0; i <= plan.Pieces.Count; i++)
        {
            if (plan.Fault is not AnswerFault.None && i == plan.PiecesBeforeFault)
            {
                if (plan.Fault is AnswerFault.Throw)
                {
                    throw plan.Error!(_time.GetUtcNow());
                }

                if (plan.Fault is AnswerFault.Cut)
                {
                    yield break;
                }

                if (plan.Fault is AnswerFault.ErrorContent)
                {
                    yield return Update(call, BrokenContent());
                    yield break;
                }

                await WaitAsync(plan.Fault is AnswerFault.Hang ? Timeout.InfiniteTimeSpan : plan.FaultPause, cancellationToken).ConfigureAwait(false);
            }

            if (i < plan.Pieces.Count)
            {
                await WaitAsync(i == 0 ? TimeSpan.Zero : plan.PieceDelay, cancellationToken).ConfigureAwait(false);
                yield return Update(call, plan.Pieces[i]);
            }
        }

        for (int i = 0; i < (plan.RepeatsFinalUpdate ? 2 : 1); i++)
        {
            if (Final(plan, call) is { } final)
            {
                yield return final;
            }
        }
    }

    private static ErrorContent BrokenContent() => new("The server had an error while processing the request.") { ErrorCode = "server_error" };

    private ChatResponseUpdate? Final(AnswerPlan plan, ScriptedCall call)
    {
        UsageDetails? usage = UsageOf(plan, call);
        if (usage is null && plan.FinishReason is null)
        {
            return null;
        }

        ChatResponseUpdate update = Update(call);
        update.FinishReason = plan.FinishReason;
        if (usage is not null)
        {
            update.Contents = [new UsageContent(usage)];
        }

        return update;
    }

    private ChatResponseUpdate Update(ScriptedCall call, AIContent? content = null) => new(ChatRole.Assistant, content is null ? [] : [content])
    {
        ResponseId = ResponseId(call),
        MessageId = MessageId(call),
        ModelId = Name,
    };

    private string ResponseId(ScriptedCall call) => $"{Name}-{call.Index}";

    private string MessageId(ScriptedCall call) => $"{Name}-{call.Index}-m";

    private static UsageDetails? UsageOf(AnswerPlan plan, ScriptedCall call)
    {
        if (!plan.ReportsUsage || plan.Usage is not null)
        {
            return plan.Usage;
        }

        long input = call.Messages.Sum(message => (long)message.Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Length);
        return new UsageDetails { InputTokenCount = input, OutputTokenCount = plan.Pieces.Count, TotalTokenCount = input + plan.Pieces.Count };
    }

    // Task.Delay goes on in the thread pool when it is cancelled, and would be outside the order of a virtual clock.
    private async Task WaitAsync(TimeSpan delay, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        if (delay == TimeSpan.Zero)
        {
            return;
        }

        TaskCompletionSource over = new();
        CancellationTokenRegistration left = cancellationToken.UnsafeRegister(static (over, token) => ((TaskCompletionSource)over!).TrySetCanceled(token), over);
        ITimer timer = _time.CreateTimer(static over => ((TaskCompletionSource)over!).TrySetResult(), over, delay, Timeout.InfiniteTimeSpan);
        try
        {
            await over.Task.ConfigureAwait(false);
        }
        finally
        {
            await timer.DisposeAsync().ConfigureAwait(false);
            await left.DisposeAsync().ConfigureAwait(false);
        }
    }
}
