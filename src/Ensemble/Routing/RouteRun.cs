using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One request on its way through a router: who is next, and what follows from each failure.</summary>
internal sealed class RouteRun
{
    private readonly RouterChatClient _router;
    private readonly ChatOptions? _options;
    private Queue<Member> _next;
    private readonly Member? _pinned;
    private long? _windowTooSmall;
    private bool _rawFactoryDropped;
    private RoutePlan? _plan;

    public RouteRun(RouterChatClient router, ChatOptions? options)
    {
        _router = router;
        Receipt = new ReceiptBuilder(router.Name, RouterChatClient.Kind, router.Runner.Time);
        (_options, IReadOnlyList<Member> order, _pinned) = Order(router, options);
        _next = new Queue<Member>(order);
    }

    public ReceiptBuilder Receipt { get; }

    /// <summary>Lets the router's planner say who may be asked; a conversation that a member keeps, and the member that the caller names, come before it.</summary>
    public async ValueTask PlanAsync(IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        bool continues = _options?.ConversationId is { Length: > 0 };
        if (_router.Planner is not { } planner || (continues && !planner.IsStrict))
        {
            return;
        }

        _plan = await planner.PlanAsync(messages, _options, cancellationToken).ConfigureAwait(false);
        RoutePlan plan = _plan;
        if (continues)
        {
            _next = new Queue<Member>(_next.Where(plan.Order.Contains));
        }
        else if (_pinned is null || (planner.IsStrict && !plan.Order.Contains(_pinned)))
        {
            _next = new Queue<Member>(plan.Order);
        }
        else
        {
            _next = new Queue<Member>([_pinned, .. plan.Order.Where(m => m != _pinned)]);
        }

        Receipt.Note(plan.Note);
        if (_next.Count == 0 && plan.Refuse is { } refuse)
        {
            EnsembleException error = refuse();
            error.Attach(Receipt.Build());
            throw error;
        }

        if (plan.Failed is { } failed)
        {
            Receipt.Add(failed);
        }
    }

    /// <summary>Gets the next member, past those whose window is known to be too small, and those that cannot call the tools that were given.</summary>
    public Member? Next()
    {
        while (_next.TryDequeue(out Member? member))
        {
            if (_windowTooSmall is { } window && member.Traits.ContextWindow is { } own && own <= window)
            {
                Receipt.Add(new Attempt { Member = member.Name, Outcome = AttemptOutcome.Skipped, Note = $"the prompt is too long for a window of {own} tokens" });
                continue;
            }

            if (_options?.Tools is { Count: > 0 } && !member.Traits.CallsTools)
            {
                Receipt.Add(new Attempt { Member = member.Name, Outcome = AttemptOutcome.Skipped, Note = "it cannot call tools, and tools were given" });
                continue;
            }

            return member;
        }

        return null;
    }

    /// <summary>Gets the options that a member sees, right before it is asked.</summary>
    public ChatOptions? OptionsFor(Member member)
    {
        _router.Planner?.Begin(member);
        bool keepRawFactory = member == _pinned || _router.Members.Count == 1;
        if (!keepRawFactory && _options?.RawRepresentationFactory is not null && !_rawFactoryDropped)
        {
            _rawFactoryDropped = true;
            Receipt.Note("RawRepresentationFactory was dropped: it is made for one provider; name the member in ModelId to keep it.");
        }

        ChatOptions? own = MemberRequest.For(member.Client, _options, keepRawFactory);
        if (_plan?.OutputLimits is { } limits && limits.TryGetValue(member, out long limit))
        {
            own ??= new ChatOptions();
            own.MaxOutputTokens = (int)Math.Min(limit, int.MaxValue);
            Receipt.Note($"the answer of {member.Name} was limited to {limit} tokens, what the price ceiling pays.");
        }

        return own;
    }

    /// <summary>Records an attempt.</summary>
    public void Add(Member member, Attempt attempt)
    {
        Receipt.Add(attempt);
        _router.Planner?.End(member, attempt);
    }

    /// <summary>Records a failed attempt; throws when no other member may be asked.</summary>
    public void Failed(Member member, AttemptResult result, CancellationToken cancellationToken)
    {
        Add(member, result.Attempt);
        if (result.Cancelled)
        {
            throw new OperationCanceledException("The caller cancelled.", result.Error, cancellationToken);
        }

        switch (result.Failure.Scope)
        {
            case FailureScope.Request when !(result.Failure.Class == FailureClass.ContentFilter && _router.Options.TryNextOnContentFilter):
                throw Stop(member, result);
            case FailureScope.Window:
                long window = (result.Error as PromptTooLongException)?.ContextWindow is > 0 and { } told ? told : member.Traits.ContextWindow ?? 0;
                _windowTooSmall = Math.Max(window, _windowTooSmall ?? 0);
                break;
            case FailureScope.Deployment:
                _router.ReportOutOfUse(member, result.Attempt);
                break;
        }
    }

    /// <summary>Makes the error of a router whose members have all failed.</summary>
    public AllMembersFailedException Exhausted(Exception? last)
    {
        Receipt receipt = Receipt.Build();
        string attempts = string.Join("; ", receipt.Attempts.Select(a => $"{a.Member}: {(a.Failure is { } failure ? $"{failure}, " : "")}{a.Note}"));
        return new($"{_router.Name}: no member answered. {attempts}", last) { Receipt = receipt };
    }

    private RequestFailedException Stop(Member member, AttemptResult result)
    {
        Receipt receipt = Receipt.Build();
        if (result.Error is EnsembleException own)
        {
            own.Attach(receipt);
            ExceptionDispatchInfo.Throw(own);
        }

        return new RequestFailedException(
            $"{member.Name} refused the request ({result.Failure.Class}: {result.Attempt.Note}); no other member was asked.", result.Failure.Class, member.Name, result.Error)
        { Receipt = receipt };
    }

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
