using System.Globalization;

namespace Ensemble;

/// <summary>Who may be asked next for one request: members in order, each by its ways; those that named a time come back when nobody else is left.</summary>
/// <param name="router">The router.</param>
/// <param name="receipt">Hears of members that are passed over.</param>
/// <param name="callsTools">Whether the request brings tools.</param>
internal sealed class RouteQueue(RouterChatClient router, ReceiptBuilder receipt, bool callsTools)
{
    /// <summary>How the note about a member begins that the rules of the request refuse.</summary>
    public const string RefusedPrefix = "rules: ";

    private IReadOnlyList<Member> _order = [];
    private int _next;
    private RouteTarget[] _targets = [];
    private int _target;
    private List<RouteTarget>? _busy;
    private Queue<RouteTarget>? _comeBack;
    private List<RouteTarget>? _askedBeside;
    private TimeSpan _waited;
    private long? _windowTooSmall;
    private List<Member>? _tooSmall;
    private Obeyed? _obeyed;

    /// <summary>Gets whether nobody comes after the way that was taken last.</summary>
    public bool IsEmpty => _target >= _targets.Length && _next >= _order.Count;

    /// <summary>Gets the members in order.</summary>
    public IReadOnlyList<Member> Order => _order;

    /// <summary>Gets why members were passed over that the rules of the request refuse.</summary>
    public IReadOnlyList<Refusal> Refusals => _obeyed?.Refusals ?? [];

    /// <summary>Sets what every member must satisfy, before the first is taken.</summary>
    public void Obey(RequestRules rules, RequestProfile profile) => _obeyed = new Obeyed(rules, profile);

    /// <summary>Hears that a member refused by the rules of the request.</summary>
    public void Refuse(Member member, IEnumerable<Refusal> refusals)
    {
        foreach (Refusal refusal in refusals)
        {
            (_obeyed ??= new Obeyed(null, null)).Refusals.Add(refusal);
            receipt.Note($"{RefusedPrefix}{member.Name} was not asked ({refusal.Rules})");
        }
    }

    /// <summary>Sets whom to ask, before the first is taken.</summary>
    public void Start(IReadOnlyList<Member> order) => _order = order;

    /// <summary>Says that the prompt is too long for a window, and so for all smaller ones, and for the other keys of the member that said so.</summary>
    public void Narrow(Member member, long window)
    {
        _windowTooSmall = Math.Max(window, _windowTooSmall ?? 0);
        (_tooSmall ??= []).Add(member);
    }

    /// <summary>Takes the next way, past the members that cannot answer this request.</summary>
    public RouteTarget? Next()
    {
        while (true)
        {
            while (_target < _targets.Length)
            {
                RouteTarget target = _targets[_target++];
                if (!WasAskedBeside(target) && !IsTooSmall(target))
                {
                    return target;
                }
            }

            if (_next >= _order.Count)
            {
                return null;
            }

            Member member = _order[_next++];
            if (_obeyed?.Refuse(member) is { } refusal)
            {
                Refuse(member, [refusal]);
                continue;
            }

            if (CannotAnswer(member) is { } why)
            {
                receipt.Add(new Attempt { Member = member.Name, Outcome = AttemptOutcome.Skipped, Note = why });
                continue;
            }

            (_targets, _target) = (router.TargetsOf(member), 0);
        }
    }

    /// <summary>
    /// Finds a way that could be asked beside one that is slow: another deployment, healthy beyond doubt, since a probe of a dark one is no
    /// help. Nothing is taken; <see cref="TakeBeside"/> does that.
    /// </summary>
    public RouteTarget? Beside(RouteTarget asked)
    {
        for (int i = _target; i < _targets.Length; i++)
        {
            if (Helps(_targets[i], asked))
            {
                return _targets[i];
            }
        }

        for (int i = _next; i < _order.Count; i++)
        {
            foreach (RouteTarget target in CannotAnswer(_order[i]) is null && _obeyed?.Refuse(_order[i]) is null ? router.TargetsOf(_order[i]) : [])
            {
                if (Helps(target, asked))
                {
                    return target;
                }
            }
        }

        return null;
    }

    /// <summary>Takes a way out of its turn; it is not asked again in its own.</summary>
    public void TakeBeside(RouteTarget target) => (_askedBeside ??= []).Add(target);

    /// <summary>Gives back a way that was taken out of its turn and could not be asked.</summary>
    public void GiveBack(RouteTarget target) => _ = _askedBeside?.RemoveAll(taken => taken.Lane == target.Lane && taken.Member == target.Member);

    /// <summary>Passes over a way that is out for now; one that named its time is waited for when nobody is left.</summary>
    /// <param name="target">The way.</param>
    /// <param name="forHaste">Whether it is out for this request only, which has too little time to find out whether it is back; then waiting takes time from it and mends nothing.</param>
    public void Out(RouteTarget target, bool forHaste = false)
    {
        HealthView view = target.Lane.Health.Look();
        if (!forHaste && target.Lane.IsOnlyBusy && _busy?.Contains(target) is not true)
        {
            Busy(target);
        }

        receipt.Add(new Attempt
        {
            Member = target.Member.Name,
            Outcome = AttemptOutcome.Skipped,
            Note = forHaste ? "it is out after failures, and what is left of the deadline is too short to find out whether it is back"
                : string.Create(CultureInfo.InvariantCulture, $"it is out for {view.Wait.TotalSeconds:0.###} s after failures"),
        });
    }

    /// <summary>Says that a way comes back by itself.</summary>
    public void Busy(RouteTarget target) => (_busy ??= []).Add(target);

    /// <summary>Says that a way is asked again when nobody else has answered: its queue was left for the sake of others, or it was only slower than one whose answer may break off.</summary>
    public void ComeBack(RouteTarget target) => (_comeBack ??= []).Enqueue(target);

    /// <summary>Gets how long until the first comes back of those that do so by themselves; <see langword="null"/> when there is none.</summary>
    public TimeSpan? LeastWait
    {
        get
        {
            TimeSpan? least = null;
            foreach (RouteTarget target in _busy ?? [])
            {
                TimeSpan wait = target.Lane.Health.Look().Wait;
                least = IsTooSmall(target) || least <= wait ? least : wait;
            }

            return least;
        }
    }

    /// <summary>Waits for the first of those that come back, since nobody waits while somebody else could answer.</summary>
    /// <returns><see langword="false"/> when nobody comes back in time.</returns>
    public async ValueTask<bool> WaitAsync(TimeSpan? timeLeft, CancellationToken cancellationToken)
    {
        if (_comeBack is { Count: > 0 })
        {
            // Last whose places may never be free again.
            for (int deaf = 0; deaf < _comeBack.Count - 1 && _comeBack.Peek().Lane.Gate is { IsDeaf: true }; deaf++)
            {
                _comeBack.Enqueue(_comeBack.Dequeue());
            }

            (_targets, _target) = ([_comeBack.Dequeue()], 0);
            return true;
        }

        TimeSpan wait = TimeSpan.MaxValue;
        RouteTarget? first = null;
        foreach (RouteTarget target in _busy ?? [])
        {
            if (IsTooSmall(target))
            {
                continue;
            }

            TimeSpan until = target.Lane.Health.Look().Wait;
            if (until < wait)
            {
                (wait, first) = (until, target);
            }
        }

        // Somebody who comes back at once has not been waited for: two that are asked too often must not be asked in turn without end.
        wait = wait < RouterOptions.MinimumTimeout ? RouterOptions.MinimumTimeout : wait;
        if (first is null || wait > router.Options.LongestWait - _waited || wait >= (timeLeft ?? TimeSpan.MaxValue))
        {
            return false;
        }

        _waited += wait;
        await Task.Delay(wait, router.Runner.Time, cancellationToken).ConfigureAwait(false);
        _ = _busy!.Remove(first);
        _ = _askedBeside?.Remove(first);
        (_targets, _target) = ([first], 0);
        return true;
    }

    private bool Helps(RouteTarget target, RouteTarget asked) =>
        target.Lane != asked.Lane && !WasAskedBeside(target) && !IsTooSmall(target) && target.Lane.Health.Look().State == BreakerState.Closed;

    // Of one member the keys share the model; an endpoint that is known to have a larger window may still answer.
    private bool IsTooSmall(RouteTarget target) =>
        _tooSmall is not null && _tooSmall.Contains(target.Member) && !(target.Way.Traits.ContextWindow > _windowTooSmall);

    private bool WasAskedBeside(RouteTarget target) =>
        _askedBeside is not null && _askedBeside.Exists(taken => taken.Lane == target.Lane && taken.Member == target.Member);

    private string? CannotAnswer(Member member) =>
        _windowTooSmall is { } window && member.Traits.ContextWindow is { } own && own <= window ? $"the prompt is too long for a window of {own} tokens"
        : callsTools && !member.Traits.CallsTools ? "it cannot call tools, and tools were given"
        : null;

    /// <summary>What only a request with rules needs.</summary>
    private sealed class Obeyed(RequestRules? rules, RequestProfile? profile)
    {
        public List<Refusal> Refusals { get; } = [];

        public Refusal? Refuse(Member member) => rules?.Refuse(member, profile!);
    }
}
