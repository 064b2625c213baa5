using System.Diagnostics;
using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>What every composition does alike.</summary>
internal static class Composition
{
    public static IReadOnlyList<Member> CheckMembers(IEnumerable<Member> members)
    {
        ArgumentNullException.ThrowIfNull(members);
        Member[] all = [.. members];
        if (all.Length == 0)
        {
            throw new ArgumentException("Give at least one member.", nameof(members));
        }

        return all.GroupBy(member => member.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Skip(1).Any()) is { } twice
            ? throw new ArgumentException($"Two members are called '{twice.Key}'; give each its own name.", nameof(members))
            : all;
    }

    /// <summary>Returns the conversation as a list that several members may read at once.</summary>
    public static IReadOnlyList<ChatMessage> Materialize(IEnumerable<ChatMessage> messages) => messages as IReadOnlyList<ChatMessage> ?? [.. messages];

    public static object? GetService(IChatClient client, string name, Type serviceType, object? serviceKey)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? new ChatClientMetadata("ensemble", providerUri: null, defaultModelId: name)
            : serviceType.IsInstanceOfType(client) ? client
            : null;
    }

    /// <summary>Puts the span back that a consumer's turn between two updates took out of the flow.</summary>
    public static void Restore(Activity? activity)
    {
        if (activity is not null)
        {
            Activity.Current = activity;
        }
    }

    /// <summary>
    /// Makes the error of a request whose caller cancelled. Its text is the platform's, which tells every cause in full; so of what others
    /// threw when their token fired, which may quote the prompt or a key, nothing is kept.
    /// </summary>
    public static OperationCanceledException Cancelled(Exception? error, CancellationToken token) => new("The caller cancelled.", error as EnsembleException, token);

    /// <summary>Makes the error of a request that a member refused for everybody; an error of ours is thrown as it is.</summary>
    public static RequestFailedException Refused(Member member, AttemptResult result, Receipt receipt)
    {
        if (result.Error is EnsembleException own)
        {
            own.Attach(receipt);
            ExceptionDispatchInfo.Throw(own);
        }

        return new RequestFailedException(
            $"{member.Name} refused the request ({result.Failure.Class}: {result.Attempt.Note}); no other member was asked.", result.Failure.Class, member.Name, result.Error)
        { Receipt = receipt };
    }

    /// <summary>Ends a request that was answered.</summary>
    public static void Finish(Activity? activity, Receipt receipt, EnsembleRuntime runtime, ILogger logger, Turn? turn)
    {
        EnsembleTelemetry.Finish(activity, runtime, receipt);
        if (turn?.TryEnd(receipt, answered: true, error: null, runtime) is false)
        {
            Report(receipt, runtime, logger);
        }
    }

    /// <summary>Ends a request without an answer. Without an error of ours nobody holds its receipt: it goes to whoever sums up, else to the sink.</summary>
    public static void Fail(Activity? activity, ReceiptBuilder receipt, Exception? error, EnsembleRuntime runtime, ILogger logger, Turn? turn)
    {
        Receipt? held = (error as EnsembleException)?.Receipt;
        Receipt ended = held ?? receipt.Build();
        EnsembleTelemetry.Finish(activity, runtime, ended, error);
        Hand(ended, isHeld: held is not null, error, runtime, logger, turn);
    }

    /// <summary>Hands the receipt of a request without an answer to whoever sums up; to the sink when nobody does, or has stopped waiting, and no error holds it.</summary>
    public static void Hand(Receipt receipt, bool isHeld, Exception? error, EnsembleRuntime runtime, ILogger logger, Turn? turn)
    {
        if (turn?.TryEnd(receipt, answered: false, error, runtime) ?? isHeld)
        {
            return;
        }

        Report(receipt, runtime, logger);
    }

    /// <summary>Hands a receipt to the sink; a sink that throws harms nobody.</summary>
    public static void Report(Receipt receipt, EnsembleRuntime runtime, ILogger logger)
    {
        try
        {
            runtime.ReceiptSink?.Accept(receipt);
        }
        catch (Exception exception)
        {
            Log.SinkFailed(logger, receipt.Name, exception.GetType().Name);
        }
    }
}
