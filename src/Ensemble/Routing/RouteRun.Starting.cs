using Microsoft.Extensions.AI;

namespace Ensemble;

// Who is next, and the places that an attempt takes before it starts.
internal sealed partial class RouteRun
{
    /// <summary>
    /// Starts the next attempt, past the members that cannot answer this request and those that are out. When only members are left that
    /// were asked too often, it waits for the first of them.
    /// </summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="streaming">Whether the first content is waited for, and not the whole answer.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <returns><see langword="null"/> when nobody is left, or no time, or no attempt.</returns>
    public async ValueTask<RouteStep?> NextAsync(IReadOnlyList<ChatMessage> messages, bool streaming, CancellationToken cancellationToken)
    {
        while (true)
        {
            while (_queue.Next() is { } target)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (TimeLeft == TimeSpan.Zero)
                {
                    return null;
                }

                if (await TryStartAsync(target, messages, streaming, cancellationToken).ConfigureAwait(false) is { } step)
                {
                    if (TryTakeAttempt(target))
                    {
                        return step;
                    }

                    step.End(AttemptRunner.Cancel(target.Way, TimeSpan.Zero));
                    _outOfAttempts = true;
                    return null;
                }
            }

            if (!await _queue.WaitAsync(TimeLeft, cancellationToken).ConfigureAwait(false))
            {
                return null;
            }
        }
    }

    private void Out(RouteTarget target, bool forHaste = false)
    {
        _out.Add(target.Lane.LastFailure);
        _queue.Out(target, forHaste);
    }

    // A router counts by its members, or one call would be as many attempts as there are levels.
    private bool TryTakeAttempt(RouteTarget target) => _envelope is null || target.CountsAttempts || _envelope.TryTakeAttempt();

    private async ValueTask<RouteStep?> TryStartAsync(RouteTarget target, IReadOnlyList<ChatMessage> messages, bool streaming, CancellationToken cancellationToken)
    {
        Lane lane = target.Lane;
        // Who is out does not queue first; without a queue the lease itself says so.
        if (lane.Gate is not null && !lane.Health.MayPass(TimeLeft, streaming))
        {
            Out(target);
            return null;
        }

        CeilingLoan? loan = _plan?.Purse?.TryTake(target.Member, LongerBy(messages));
        if (loan is null && _plan?.Purse is { } purse)
        {
            _ceilingRefused = true;
            Receipt.Add(new Attempt { Member = target.Member.Name, Outcome = AttemptOutcome.Skipped, Note = purse.Describe() });
            return null;
        }

        GateLease? place = null;
        if (lane.Gate is { } gate)
        {
            // Calls that do not come back keep their places: while somebody else could answer, nobody queues longer than an attempt may take, and nobody at
            // all where no place is left but theirs.
            TimeSpan patience = TimeLeft ?? TimeSpan.MaxValue;
            bool comesBack = !_queue.IsEmpty && _router.Options.AttemptTimeout < patience;
            patience = comesBack ? _router.Options.AttemptTimeout!.Value : patience;
            try
            {
                if (!_queue.IsEmpty && gate.IsDeaf)
                {
                    throw gate.Deaf();
                }

                TimeProvider time = _router.Runner.Time;
                long came = time.GetTimestamp();
                place = await gate.EnterAsync(TokensFor(target, messages), patience, cancellationToken, whileDeaf: _queue.IsEmpty ? _router.Options.LongestWait : TimeSpan.Zero).ConfigureAwait(false);
                if (_router.Metrics.WantsQueue)
                {
                    _router.Metrics.Queued(_router.Name, target.Member.Name, time.GetElapsedTime(came));
                }
            }
            catch (ModelBusyException busy)
            {
                loan?.Return();
                _busy = busy;
                if (comesBack || (!_queue.IsEmpty && gate.IsDeaf))
                {
                    _queue.ComeBack(target);
                }

                Receipt.Add(new Attempt { Member = target.Member.Name, Outcome = AttemptOutcome.Failed, Failure = FailureClass.Overloaded, Note = busy.Message, CostUsd = 0m });
                return null;
            }
        }

        TimeSpan? left = TimeLeft;
        if (!lane.Health.TryBegin(left, streaming, out HealthLease lease))
        {
            if (place is { } taken)
            {
                lane.Gate!.Leave(taken, 0);
            }

            loan?.Return();
            Out(target, lease.Pass.IsHasty);
            return null;
        }

        bool isLast = left is not null && _queue.IsEmpty;
        return new RouteStep(target, lease, place, isLast ? left : Envelope.Least(_router.Options.AttemptTimeout, left), left, loan);
    }

    // Whoever goes on with a broken answer is sent what there is of it.
    private long LongerBy(IReadOnlyList<ChatMessage> messages) =>
        _plan?.Purse is not { } purse || ReferenceEquals(messages, purse.Planned) ? 0 : Math.Max(0, CostBounds.UpperInputTokens(messages) - CostBounds.UpperInputTokens(purse.Planned));

    private long TokensFor(RouteTarget target, IReadOnlyList<ChatMessage> messages) =>
        target.Lane.Limits.TokensPerMinute is null ? 0 : CostBounds.UpperInputTokens(messages, _options) + (_options?.MaxOutputTokens ?? 0);
}
