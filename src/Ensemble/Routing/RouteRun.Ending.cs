namespace Ensemble;

// What follows from how an attempt ended, and how the request ends.
internal sealed partial class RouteRun
{
    /// <summary>Records an attempt.</summary>
    public void Add(Member member, Attempt attempt, bool degrades = true)
    {
        // In the order in which they were asked.
        WriteLosers(askedFirst: true);
        Receipt.Add(attempt, degrades);
        WriteLosers(askedFirst: false);
        _router.Planner?.End(member, attempt);
        if (attempt.Outcome == AttemptOutcome.Answered)
        {
            _plan?.Answered?.Invoke(member, attempt);
        }
    }

    /// <summary>Writes the receipt.</summary>
    public Receipt Complete(string? answeredBy)
    {
        Receipt receipt = Receipt.Build(answeredBy);
        if (_router.Metrics.WantsSavings && answeredBy is not null && receipt.CostUsd is { } paid && _router.Planner?.BestSingleUsd(receipt.Attempts[^1]) is { } best)
        {
            _router.Metrics.Saved(_router.Name, best - paid);
        }

        return receipt;
    }

    /// <summary>Says whether no other member may be asked after this failure.</summary>
    public bool Stops(AttemptResult result) =>
        result.Cancelled
        || (result.Error is not NoEligibleModelException && result.Failure.Scope is FailureScope.Request && !(result.Failure.Class is FailureClass.ContentFilter && _router.Options.TryNextOnContentFilter));

    /// <summary>Records a failed attempt; throws when no other member may be asked.</summary>
    public void Failed(RouteStep step, AttemptResult result, CancellationToken cancellationToken)
    {
        Member member = step.Member;
        if (result.Error is NoEligibleModelException refused)
        {
            // This member may not; that says nothing about the next, and nothing has failed.
            _queue.Refuse(member, refused.Refusals);
            GiveAttemptBack(step, result);
            if (result.WasAsked || refused.Refusals.Count == 0 || refused.Attempts.Any(attempt => attempt.Outcome is not AttemptOutcome.Skipped))
            {
                Add(member, result.Attempt);
            }
            else
            {
                WriteLosers(askedFirst: true);
                WriteLosers(askedFirst: false);
                _router.Planner?.End(member, result.Attempt);
            }

            return;
        }

        _asked = true;

        // Who was to be quicker and was not paid for takes nothing from the answer of the other.
        Add(member, result.Attempt, degrades: !(step.IsBeside && WasNeverSent(step, result)));
        if (result.Cancelled)
        {
            throw Composition.Cancelled(result.Error, cancellationToken);
        }

        if (result.Error is BudgetExceededException unaffordable)
        {
            // A cheaper member may still be paid for.
            GiveAttemptBack(step, result);
            if (step.IsBeside)
            {
                // Nobody has decided yet whether it may pass the cap; in its own turn somebody may.
                _queue.GiveBack(step.Target);
            }

            _unaffordable = BudgetExceededException.Behind(_unaffordable, unaffordable);
            return;
        }

        _unaffordable = BudgetExceededException.Behind(_unaffordable, result.Error);
        if (Lane.Passes(result.Failure))
        {
            _queue.Busy(step.Target);
        }

        switch (result.Failure.Scope)
        {
            case FailureScope.Request when Stops(result):
                throw Composition.Refused(member, result, Complete(null));
            case FailureScope.Window:
                long window = (result.Error as PromptTooLongException)?.ContextWindow is > 0 and { } told ? told : member.Traits.ContextWindow ?? 0;
                _queue.Narrow(member, window);
                break;
            case FailureScope.Deployment:
                _router.ReportOutOfUse(member, result.Attempt);
                break;
        }
    }

    // A call that a budget or a rule kept back before it left. A router or a panel among the members has asked its own.
    private static bool WasNeverSent(RouteStep step, AttemptResult result) =>
        step.Target.Model is not null && !result.WasAsked && result.Error is (BudgetExceededException or NoEligibleModelException) and EnsembleException kept
        && kept.Attempts.All(static attempt => attempt.Outcome is AttemptOutcome.Skipped);

    // An attempt is a call.
    private void GiveAttemptBack(RouteStep step, AttemptResult result)
    {
        if (WasNeverSent(step, result) && !step.Target.CountsAttempts)
        {
            _envelope?.GiveAttemptBack();
        }
    }

    /// <summary>Makes the error of a router whose members have all failed.</summary>
    public EnsembleException Exhausted(Exception? last)
    {
        last ??= _busy;
        Receipt receipt = Complete(null);
        if (_queue.Refusals.Count > 0 && !receipt.Attempts.Any(a => a.Outcome is AttemptOutcome.Failed || (a.Outcome is AttemptOutcome.Skipped && a.Receipt is null)))
        {
            return new NoEligibleModelException(_router.Name, _queue.Refusals) { Receipt = receipt };
        }

        IEnumerable<string> failed = receipt.Attempts.Where(static a => a.Failure is not null || a.Note is { Length: > 0 }).Select(a => $"{a.Member}: {(a.Failure is { } failure ? $"{failure}, " : "")}{a.Note}");
        string attempts = string.Join("; ", failed.Concat(_queue.Refusals.Select(refusal => refusal.ToString())));
        if (TimeLeft == TimeSpan.Zero)
        {
            return new DeadlineExceededException($"{_router.Name}: the deadline has passed.{(attempts.Length > 0 ? " " : "")}{attempts}", last) { Receipt = receipt };
        }

        if (_ceilingRefused && _plan?.Purse is { } purse)
        {
            BudgetExceededException refusal = purse.Refuse(_router.Name, attempts, last);
            refusal.Attach(receipt);
            return refusal;
        }

        if (_unaffordable is { } budget && receipt.Attempts.All(a => a.Outcome is AttemptOutcome.Skipped || a.Failure is FailureClass.QuotaExhausted))
        {
            budget.Attach(receipt);
            return budget;
        }

        string why = _outOfAttempts ? "no attempt is left" : "no member answered";
        return new AllMembersFailedException($"{_router.Name}: {why}. {attempts}", receipt, last, _queue.LeastWait, _out.Class) { Unpaid = _unaffordable, IsOnlyBusy = !_asked && _busy is not null };
    }
}
