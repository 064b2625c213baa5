using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One request on its way through a router: who is next, and what follows from each failure.</summary>
internal sealed class RouteRun
{
    private readonly RouterChatClient _router;
    private readonly ChatOptions? _options;
    private readonly Member? _pinned;
    private Envelope? _envelope;
    private readonly EnsembleRequest? _request;
    private readonly bool _isNested;
    private readonly RouteQueue _queue;
    private List<HedgedLoser>? _losers;
    private bool _rawFactoryDropped;
    private bool _hasOpaqueState;
    private RoutePlan? _plan;
    private bool _outOfAttempts;
    private bool _ceilingRefused;
    private BudgetExceededException? _unaffordable;
    private RequestRules? _rules;

    public RouteRun(RouterChatClient router, ChatOptions? options)
    {
        _router = router;
        Receipt = new ReceiptBuilder(router.Name, RouterChatClient.Kind, router.Runner.Time);
        (_options, IReadOnlyList<Member> order, _pinned) = Order(router, options);
        _queue = new RouteQueue(router, Receipt, callsTools: _options?.Tools is { Count: > 0 });
        _queue.Start(order);
        EnsembleRequest? request = _request = options.GetEnsembleRequest();
        _isNested = request is { IsNested: true };
        _envelope = router.Runner.Envelope(options, isLimited: router.Options is { Deadline: not null } or { MaxAttempts: not null });
        _envelope = _envelope?.Within(router.Options.Deadline, router.Options.MaxAttempts);
    }

    public ReceiptBuilder Receipt { get; }

    private TimeSpan? TimeLeft => _envelope?.TimeLeft;

    /// <summary>Lets the router's planner say who may be asked; a conversation that a member keeps, and the member that the caller names, come before it.</summary>
    public async ValueTask PlanAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        _hasOpaqueState = _router.Members.Count > 1 && OpaqueState.IsIn(messages);
        bool continues = _options?.ConversationId is { Length: > 0 };
        if (_hasOpaqueState && !continues && _router.Options.OpaqueState == OpaqueStatePolicy.Pin && OpaqueState.Issuer(_router.Name, _router.Members, messages) is { } issuer)
        {
            // As with a conversation id: nobody else could go on.
            _queue.Start([issuer]);
            continues = true;
            Receipt.Note($"the conversation is pinned to {issuer.Name}: it holds reasoning that only this provider can read.");
        }

        _rules = _router.Runner.Rules(messages, _options);
        if (_router.Planner is { } planner && (!continues || planner.IsStrict))
        {
            await PlanAsync(planner, messages, continues, cancellationToken).ConfigureAwait(false);
        }

        if (_rules is not null && _plan?.Facts is null)
        {
            _queue.Obey(_rules, _rules.Profile(messages, _options));
        }
    }

    private async ValueTask PlanAsync(IRoutePlanner planner, IReadOnlyList<ChatMessage> messages, bool continues, CancellationToken cancellationToken)
    {
        _plan = await planner.PlanAsync(messages, _options, _rules, cancellationToken).ConfigureAwait(false);
        RoutePlan plan = _plan;
        if (plan.Deadline is { } deadline)
        {
            // Counted from the start of the request; planning has taken its part.
            _envelope = (_envelope ?? _router.Runner.Envelope(_options, isLimited: true)!).Within(deadline - Receipt.Elapsed, maxAttempts: null);
        }

        if (continues)
        {
            _queue.Start([.. _queue.Order.Where(plan.Order.Contains)]);
        }
        else if (_pinned is null || (planner.IsStrict && !plan.Order.Contains(_pinned)))
        {
            _queue.Start(plan.Order);
        }
        else
        {
            _queue.Start([_pinned, .. plan.Order.Where(m => m != _pinned)]);
            Receipt.Note($"{SelectionPlanner.NotePrefix}{_pinned.Name} was named by the caller.");
        }

        Receipt.Note(plan.Note);
        if (_queue.Order.Count == 0 && plan.Refuse is { } refuse)
        {
            EnsembleException error = refuse();
            error.Attach(Receipt.Build());
            throw error;
        }

        _rules = plan.Rules ?? _rules;
        if (plan.Asked is { } asked)
        {
            Receipt.Add(asked);
        }
    }

    /// <summary>Gets what must be checked before a member is asked; <see langword="null"/> when the plan has checked it by what it knows of it.</summary>
    public RequestRules? RulesFor(Member member) => _plan?.Facts is null || member.IsComposition ? _rules : null;

    /// <summary>
    /// Starts the next attempt, past the members that cannot answer this request and those that are out. When only members are left that
    /// were asked too often, it waits for the first of them.
    /// </summary>
    /// <returns><see langword="null"/> when nobody is left, or no time, or no attempt.</returns>
    public async ValueTask<RouteStep?> NextAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
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

                if (await TryStartAsync(target, messages, cancellationToken).ConfigureAwait(false) is { } step)
                {
                    if (_envelope is null || _envelope.TryTakeAttempt())
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

    /// <summary>Gets the conversation that a member sees: provider state goes to its issuer only.</summary>
    public IReadOnlyList<ChatMessage> MessagesFor(Member member, IReadOnlyList<ChatMessage> messages)
    {
        if (!_hasOpaqueState)
        {
            return messages;
        }

        IReadOnlyList<ChatMessage> own = OpaqueState.For(_router.Name, member, messages, out int stripped);
        if (stripped > 0)
        {
            Receipt.Note($"{stripped} pieces of reasoning that only another provider can read were stripped for {member.Name}.");
        }

        return own;
    }

    /// <summary>Says after which time a second attempt starts beside this one; <see langword="null"/> for never.</summary>
    public TimeSpan? HedgingDelay(RouteStep step, bool streaming) =>
        _router.Options.Hedging is { } hedging ? hedging.Delay.For(step.Lane.Health.TimesOf(streaming), TimeLeft ?? TimeSpan.MaxValue) : null;

    /// <summary>
    /// Starts a second attempt beside one that is slow, when somebody healthy could answer at once and the request has an attempt and the
    /// time left. Whoever is not asked now keeps its turn.
    /// </summary>
    public RouteStep? Beside(RouteStep slow, IReadOnlyList<ChatMessage> messages, TimeSpan delay)
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
        if (!began || (_envelope is not null && !_envelope.TryTakeAttempt()))
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
        Receipt.Note(string.Create(CultureInfo.InvariantCulture, $"hedged: {target.Member.Name} was asked beside {slow.Member.Name} after {delay.TotalSeconds:0.###} s."));
        _router.Metrics.Hedged(_router.Name, target.Member.Name);
        return new RouteStep(target, lease, place, Envelope.Least(_router.Options.AttemptTimeout, left), left, loan);
    }

    /// <summary>Keeps the attempt that lost against another, to be written into the receipt with it.</summary>
    public void Lost(HedgedLoser loser) => (_losers ??= []).Add(loser);

    /// <summary>Waits a moment for the attempts that lost, so that the receipt can tell what they cost.</summary>
    public ValueTask AwaitLosersAsync() => _losers is null ? ValueTask.CompletedTask : HedgedLoser.AwaitAsync(_losers, _router.Runner.Time);

    /// <summary>Hears how an attempt ended that no longer matters to the request.</summary>
    public void EndLost(Member member, Attempt attempt) => _router.Planner?.End(member, attempt);

    /// <summary>Gets the options that a member sees, right before it is asked.</summary>
    public ChatOptions? OptionsFor(RouteStep step)
    {
        Member member = step.Member;
        _router.Planner?.Begin(member);
        bool keepRawFactory = member == _pinned || _router.Members.Count == 1;
        if (!keepRawFactory && _options?.RawRepresentationFactory is not null && !_rawFactoryDropped)
        {
            _rawFactoryDropped = true;
            Receipt.Note("RawRepresentationFactory was dropped: it is made for one provider; name the member in ModelId to keep it.");
        }

        ModelChatClient? model = step.Target.Model;
        ChatOptions? own = MemberRequest.For(step.Way.Client, _options, keepRawFactory, takesContext: model is null);
        if (step.Loan?.OutputLimit is { } limit)
        {
            own ??= new ChatOptions();
            own.MaxOutputTokens = (int)Math.Min(limit, int.MaxValue);
            Receipt.Note($"the answer of {member.Name} was limited to {limit} tokens, what the price ceiling pays.");
        }

        return model is not null ? own : MemberRequest.Within(_envelope, _rules, step.Way, own, FactsOf(member));
    }

    /// <summary>Makes what pays for a call; <see langword="null"/> when the member sees to that itself.</summary>
    public ModelPayment? PaymentFor(RouteStep step) => step.Target.Model is null ? null : new ModelPayment(_request, _envelope, _router.Runner.Time.GetTimestamp())
    {
        Rules = _rules,
        Facts = _rules is null ? null : FactsOf(step.Member) ?? step.Member.Facts,
    };

    private Candidate? FactsOf(Member member) => _rules is null ? null : _plan?.Facts?.Invoke(member);

    /// <summary>Records an attempt.</summary>
    public void Add(Member member, Attempt attempt)
    {
        // In the order in which they were asked.
        WriteLosers(askedFirst: true);
        Receipt.Add(attempt);
        WriteLosers(askedFirst: false);
        _router.Planner?.End(member, attempt);
        if (attempt.Outcome == AttemptOutcome.Answered)
        {
            _plan?.Answered?.Invoke(member, attempt);
        }
    }

    /// <summary>Writes the receipt; that of a turn goes to whoever collects them.</summary>
    public Receipt Complete(string? answeredBy)
    {
        Receipt receipt = Receipt.Build(answeredBy);
        if (_router.Metrics.WantsSavings && answeredBy is not null && receipt.CostUsd is { } paid && _router.Planner?.BestSingleUsd(receipt.Attempts[^1]) is { } best)
        {
            _router.Metrics.Saved(_router.Name, best - paid);
        }

        if (!_isNested)
        {
            _envelope?.Collect(receipt);
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
            if (refused.Refusals.Count == 0 || refused.Attempts.Any(attempt => attempt.Outcome is not AttemptOutcome.Skipped))
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

        Add(member, result.Attempt);
        if (result.Cancelled)
        {
            throw new OperationCanceledException("The caller cancelled.", result.Error, cancellationToken);
        }

        if (result.Error is BudgetExceededException unaffordable)
        {
            // A cheaper member may still be paid for.
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
                _queue.Narrow(window);
                break;
            case FailureScope.Deployment:
                _router.ReportOutOfUse(member, result.Attempt);
                break;
        }
    }

    /// <summary>Makes the error of a router whose members have all failed.</summary>
    public EnsembleException Exhausted(Exception? last)
    {
        Receipt receipt = Complete(null);
        if (_queue.Refusals.Count > 0 && !receipt.Attempts.Any(a => a.Outcome is AttemptOutcome.Failed || (a.Outcome is AttemptOutcome.Skipped && a.Receipt is null)))
        {
            return new NoEligibleModelException(_router.Name, _queue.Refusals) { Receipt = receipt };
        }

        IEnumerable<string> failed = receipt.Attempts.Select(a => $"{a.Member}: {(a.Failure is { } failure ? $"{failure}, " : "")}{a.Note}");
        string attempts = string.Join("; ", failed.Concat(_queue.Refusals.Select(refusal => refusal.ToString())));
        if (TimeLeft == TimeSpan.Zero)
        {
            return new DeadlineExceededException($"{_router.Name}: the deadline has passed. {attempts}", last) { Receipt = receipt };
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
        return new AllMembersFailedException($"{_router.Name}: {why}. {attempts}", last) { Receipt = receipt, Unpaid = _unaffordable };
    }

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

    private async ValueTask<RouteStep?> TryStartAsync(RouteTarget target, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        Lane lane = target.Lane;
        // Who is out does not queue first; without a queue the lease itself says so.
        if (lane.Gate is not null && !lane.Health.Look().CanPass)
        {
            _queue.Out(target);
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
            try
            {
                TimeProvider time = _router.Runner.Time;
                long came = time.GetTimestamp();
                place = await gate.EnterAsync(TokensFor(target, messages), TimeLeft ?? TimeSpan.MaxValue, cancellationToken).ConfigureAwait(false);
                if (_router.Metrics.WantsQueue)
                {
                    _router.Metrics.Queued(_router.Name, target.Member.Name, time.GetElapsedTime(came));
                }
            }
            catch (ModelBusyException busy)
            {
                loan?.Return();
                Receipt.Add(new Attempt { Member = target.Member.Name, Outcome = AttemptOutcome.Failed, Failure = FailureClass.Overloaded, Note = busy.Message, CostUsd = 0m });
                return null;
            }
        }

        if (!lane.Health.TryBegin(out HealthLease lease))
        {
            if (place is { } taken)
            {
                lane.Gate!.Leave(taken, 0);
            }

            loan?.Return();
            _queue.Out(target);
            return null;
        }

        TimeSpan? left = TimeLeft;
        bool isLast = left is not null && _queue.IsEmpty;
        return new RouteStep(target, lease, place, isLast ? left : Envelope.Least(_router.Options.AttemptTimeout, left), left, loan);
    }

    // Whoever goes on with a broken answer is sent what there is of it.
    private long LongerBy(IReadOnlyList<ChatMessage> messages) =>
        _plan?.Purse is not { } purse || ReferenceEquals(messages, purse.Planned) ? 0 : Math.Max(0, CostBounds.UpperInputTokens(messages) - CostBounds.UpperInputTokens(purse.Planned));

    private long TokensFor(RouteTarget target, IReadOnlyList<ChatMessage> messages) =>
        target.Lane.Limits.TokensPerMinute is null ? 0 : CostBounds.UpperInputTokens(messages, _options) + (_options?.MaxOutputTokens ?? 0);

    // A conversation id is state that one member keeps, so nobody else can go on with it. A model id that names a member puts it first.
    private static (ChatOptions? Options, IReadOnlyList<Member> Order, Member? Pinned) Order(RouterChatClient router, ChatOptions? options)
    {
        IReadOnlyList<Member> members = router.Members;
        if (options?.ConversationId is { Length: > 0 } conversation && members.Count > 1)
        {
            (Member? issuer, string id) = ConversationPin.Resolve(members, conversation);
            ChatOptions own = options.Clone();
            own.ConversationId = id;
            return (own, [issuer ?? members[0]], issuer);
        }

        if (options?.ModelId is { Length: > 0 } hint && members.FirstOrDefault(m => m.Name.Equals(hint, StringComparison.OrdinalIgnoreCase)) is { } first)
        {
            return (options, [first, .. members.Where(m => m != first)], first);
        }

        return (options, members, null);
    }
}
