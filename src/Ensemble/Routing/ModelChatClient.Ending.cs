using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>How a call ends: what is booked for it, and who gets its receipt.</summary>
internal sealed partial class ModelChatClient
{
    /// <summary>Closes the payment of a call that was never sent, and puts its receipt on the error that says why.</summary>
    internal ValueTask ReleaseUnsentAsync(ModelPayment payment, Exception exception)
    {
        payment.NeverLeft();
        if (exception is EnsembleException { Receipt: null } unpaid)
        {
            unpaid.Attach(NotAsked(payment, unpaid.Message));
        }

        return payment.IsOpen ? payment.ReleaseAsync() : ValueTask.CompletedTask;
    }

    // A refusal costs nothing; what broke in the middle has cost what came; of what was given up nobody knows more than the reserve.
    internal ValueTask CloseAsync(ModelPayment payment, Exception exception, UsageDetails? usage, string received)
    {
        _observed?.Report(exception);
        if (payment.IsLimited)
        {
            exception.Data[LimitedKey] = true;
        }

        if (usage is not null || received.Length > 0)
        {
            return payment.SettleAsync(usage, received, hasEnded: false);
        }

        if (exception.Data[WholeUsageKey] is UsageDetails all)
        {
            return payment.SettleAsync(all, "");
        }

        FailureClass failure = new FailureReader(runtime.FailureClassifiers, runtime.TimeProvider).Read(exception).Class;
        if (exception.Data[EarlierUsageKey] is UsageDetails earlier && !LostCall.MayHaveCost(failure, exception))
        {
            return payment.SettleAsync(earlier, "");
        }

        return LostCall.MayHaveCost(failure, exception) ? payment.ForfeitAsync() : payment.ReleaseAsync();
    }

    /// <summary>Gives the receipt of a call that nobody else pays for to whoever sums up the request, if anybody does.</summary>
    internal void HandOn(ModelPayment payment, Receipt receipt, bool answered, Exception? error = null)
    {
        payment.CloseCeiling();
        payment.Request?.Calls?.Add(receipt);
        RequestTurns.Of(payment.Request)?.TryAdd(new TurnEnd(receipt, answered, error, runtime));
    }

    /// <summary>Gives the receipt on an error to whoever sums up the request, if anybody does.</summary>
    internal void HandOn(ModelPayment payment, Exception error)
    {
        if (AttemptRunner.ReceiptOf(error) is { } receipt)
        {
            HandOn(payment, receipt, answered: false, error);
        }
    }

    /// <summary>Writes the receipt of a call whose reader left: for the composition that read it and whoever sums up the request, else for the sink, since nobody else holds it.</summary>
    internal void Leave(ModelPayment payment, UsageDetails? usage, TimeSpan? firstContent, Action<Receipt>? holder)
    {
        ReceiptBuilder builder = new(name, Kind, runtime.TimeProvider, payment.Start);
        builder.Add(AttemptRunner.Describe(_member, AttemptOutcome.Cancelled, builder.Elapsed, usage, inner: null, firstContent, payment: payment));
        Receipt receipt = builder.Build();
        payment.Request?.Calls?.Add(receipt);
        holder?.Invoke(receipt);
        bool isHeld = holder is not null || payment.Request is { IsNested: true };
        isHeld |= RequestTurns.Of(payment.Request)?.TryAdd(new TurnEnd(receipt, Answered: false, Error: null, runtime)) is true;
        if (!isHeld && IsLeaf)
        {
            Composition.Report(receipt, runtime, runtime.LoggerFactory.CreateLogger(Log.Category));
        }
    }

    /// <summary>Writes the receipt of a call that answered.</summary>
    internal Receipt Answered(ModelPayment payment, UsageDetails? usage, TimeSpan? firstContent)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Answered, receipt.Elapsed, usage, inner: null, firstContent, payment: payment));
        return receipt.Build(name);
    }

    /// <summary>Puts the receipt of a call on the exception that ended it.</summary>
    internal void Failed(Exception exception, ModelPayment payment, UsageDetails? usage)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        FailureClass failure = exception is EnsembleException known ? known.FailureClass : FailureClass.Unknown;
        receipt.Add(AttemptRunner.Describe(
            _member, AttemptOutcome.Failed, receipt.Elapsed, payment.Corrected ?? usage, inner: null, failure: failure, note: payment.OpenNote is { } open ? $"{FailureReader.Describe(exception)}; {open}" : FailureReader.Describe(exception), costUsd: payment.CostUsd, source: payment.Source));
        if (exception is EnsembleException own)
        {
            own.Attach(receipt.Build());
        }
        else
        {
            exception.Data[ReceiptKey] = receipt.Build();
        }
    }

    private Receipt NotAsked(ModelPayment payment, string why)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        receipt.Add(new Attempt { Member = name, Outcome = AttemptOutcome.Skipped, Note = why, CostUsd = 0m });
        return receipt.Build();
    }
}
