using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One request on its way through a router: who is next, and what follows from each failure.</summary>
internal sealed partial class RouteRun
{
    private readonly RouterChatClient _router;
    private readonly ChatOptions? _options;
    private readonly Member? _pinned;
    private Envelope? _envelope;
    private readonly EnsembleRequest? _request;
    private readonly RouteQueue _queue;
    private List<HedgedLoser>? _losers;
    private bool _rawFactoryDropped;
    private bool _hasOpaqueState;
    private RoutePlan? _plan;
    private bool _outOfAttempts;
    private bool _asked;
    private MildestFailure _out;
    private ModelBusyException? _busy;
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
        _request = options.GetEnsembleRequest();
        _envelope = router.Runner.Envelope(options, isLimited: router.Options is { Deadline: not null } or { MaxAttempts: not null });
        _envelope = _envelope?.Within(router.Options.Deadline, router.Options.MaxAttempts);
    }

    public ReceiptBuilder Receipt { get; }

    /// <summary>Gets what the caller asks of the ensemble.</summary>
    public EnsembleRequest? Request => _request;

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
        _plan = planner.AsksModels && TimeLeft is { } left
            ? await PlanInTimeAsync(planner, messages, left, cancellationToken).ConfigureAwait(false)
            : await planner.PlanAsync(messages, _options, _rules, cancellationToken).ConfigureAwait(false);
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

    private async ValueTask<RoutePlan> PlanInTimeAsync(IRoutePlanner planner, IReadOnlyList<ChatMessage> messages, TimeSpan left, CancellationToken cancellationToken)
    {
        TimeProvider time = _router.Runner.Time;
        long start = time.GetTimestamp();
        using AttemptStop stop = new(time, left, cancellationToken);
        try
        {
            return await stop.HoldAsync(planner.PlanAsync(messages, _options, _rules, stop.Token).AsTask()).ConfigureAwait(false);
        }
        catch (Exception exception) when (stop.Token.IsCancellationRequested)
        {
            cancellationToken.ThrowIfCancellationRequested();
            const string Note = "the text was not embedded in time";
            Receipt.Add(new Attempt { Member = EmbeddingAttempt.Name, Outcome = AttemptOutcome.Failed, Failure = FailureClass.Timeout, Note = Note, Duration = time.GetElapsedTime(start) });
            throw new DeadlineExceededException($"{_router.Name}: the deadline has passed. {EmbeddingAttempt.Name}: {Note}.", exception) { Receipt = Receipt.Build() };
        }
    }

    /// <summary>Gets what must be checked before a member is asked; <see langword="null"/> when the plan has checked it by what it knows of it.</summary>
    public RequestRules? RulesFor(Member member) => _plan?.Facts is null || member.IsComposition ? _rules : null;

    // A conversation id is state that one member keeps, so nobody else can go on with it. A model id that names a member puts it first.
    private static (ChatOptions? Options, IReadOnlyList<Member> Order, Member? Pinned) Order(RouterChatClient router, ChatOptions? options)
    {
        IReadOnlyList<Member> members = router.Members;
        if (options?.ConversationId is { Length: > 0 } conversation && (members.Count > 1 || ConversationPin.IsMarked(conversation)))
        {
            (Member? issuer, string id) = ConversationPin.Resolve(router.Name, members, conversation);
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
