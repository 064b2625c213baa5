using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

// A second attempt beside one that is slow, and what becomes of the one that loses.
internal sealed partial class RouteRun
{
    /// <summary>Says after which time a second attempt starts beside this one; <see langword="null"/> for never.</summary>
    public TimeSpan? HedgingDelay(RouteStep step, bool streaming) =>
        _router.Options.Hedging is { } hedging ? hedging.Delay.For(step.Lane.Health.TimesOf(streaming), TimeLeft ?? TimeSpan.MaxValue) : null;

    /// <summary>
    /// Starts a second attempt beside one that is slow, when somebody healthy could answer at once and the request has an attempt and the
    /// time left. Whoever is not asked now keeps its turn.
    /// </summary>
    public RouteStep? Beside(RouteStep slow, IReadOnlyList<ChatMessage> messages)
    {
        TimeSpan? left = TimeLeft;
        if (left == TimeSpan.Zero || _queue.Beside(slow.Target) is not { } target)
        {
            return null;
        }

        CeilingLoan? loan = _plan?.Purse?.TryTake(target.Member, LongerBy(messages));
        if (loan is null && _plan?.Purse is { } purse)
        {
            Receipt.Note($"{target.Member.Name} was not asked beside {slow.Member.Name}: {purse.Describe()}.");
            return null;
        }

        GateLease? place = null;
        if (target.Lane.Gate is { } gate)
        {
            if (!gate.TryEnter(TokensFor(target, messages), out GateLease free))
            {
                loan?.Return();
                return null;
            }

            place = free;
        }

        bool began = target.Lane.Health.TryBegin(out HealthLease lease);
        if (!began || !TryTakeAttempt(target))
        {
            if (began)
            {
                target.Lane.Health.Abandon(lease);
            }

            if (place is { } taken)
            {
                target.Lane.Gate!.Leave(taken, 0);
            }

            loan?.Return();
            return null;
        }

        _queue.TakeBeside(target);
        return new RouteStep(target, lease, place, Envelope.Least(_router.Options.AttemptTimeout, left), left, loan) { IsBeside = true };
    }

    /// <summary>Says in the receipt that a second attempt was made, unless it is known by now that no budget paid for it: that one was never sent.</summary>
    public void Hedged(RouteStep beside, AttemptResult? result, RouteStep slow, TimeSpan delay)
    {
        if (result is null || !WasNeverSent(beside, result))
        {
            Receipt.Note(string.Create(CultureInfo.InvariantCulture, $"hedged: {beside.Member.Name} was asked beside {slow.Member.Name} after {delay.TotalSeconds:0.###} s."));
            _router.Metrics.Hedged(_router.Name, beside.Member.Name);
        }
    }

    /// <summary>Keeps the attempt that lost against another, to be written into the receipt with it.</summary>
    public void Lost(HedgedLoser loser) => (_losers ??= []).Add(loser);

    /// <summary>Keeps in mind that a member was only slower than another: it may go on with the other's answer when that breaks off.</summary>
    public void MayGoOn(RouteTarget target, bool wasAskedFirst)
    {
        if (!_router.Options.ContinueInterrupted)
        {
            return;
        }

        if (wasAskedFirst)
        {
            _queue.ComeBack(target);
        }
        else
        {
            // Its own turn is still to come.
            _queue.GiveBack(target);
        }
    }

    /// <summary>Waits a moment for the attempts that lost, so that the receipt can tell what they cost.</summary>
    public ValueTask AwaitLosersAsync() => _losers is null ? ValueTask.CompletedTask : HedgedLoser.AwaitAsync(_losers, _router.Runner.Time);

    /// <summary>Hears how an attempt ended that no longer matters to the request.</summary>
    public void EndLost(Member member, Attempt attempt) => _router.Planner?.End(member, attempt);

    private void WriteLosers(bool askedFirst)
    {
        for (int i = 0; i < (_losers?.Count ?? 0); i++)
        {
            if (_losers![i].WasAskedFirst == askedFirst)
            {
                Receipt.Add(_losers[i].Attempt);
                _losers.RemoveAt(i--);
            }
        }
    }
}
