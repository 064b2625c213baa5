using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One request on its way through a cascade: the best answer so far, and whether the next member is asked.</summary>
internal sealed class CascadeRun
{
    private readonly CascadeChatClient _cascade;
    private readonly ChatOptions? _options;
    private (Member Member, ChatResponse Response)? _unsure;
    private Exception? _lastError;
    private BudgetExceededException? _unpaid;
    private readonly Envelope? _envelope;
    private readonly List<Refusal> _refusals = [];
    private int _refused;
    private int _next;
    private readonly IReadOnlyList<Member> _order;
    private readonly bool _hasOpaqueState;

    public CascadeRun(CascadeChatClient cascade, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.ConversationId is not null && cascade.Members.Count > 1)
        {
            throw new UnsupportedOptionException(
                $"{cascade.Name}: a cascade refuses ConversationId, because the next member would not know the conversation. Send the whole conversation as messages.");
        }

        _cascade = cascade;
        _options = cascade.Options.DeferBelow.MeanLogProbability is not null && options.GetRequestedLogProbabilities() is null ? options.WithLogProbabilities() : options;
        _envelope = cascade.Runner.Envelope(options);
        Rules = cascade.Runner.Rules(messages, options);
        Receipt = new ReceiptBuilder(cascade.Name, CascadeChatClient.Kind, cascade.Runner.Time);
        _order = cascade.Members;
        _hasOpaqueState = cascade.Members.Count > 1 && OpaqueState.IsIn(messages);
        if (_hasOpaqueState && cascade.Options.Routing.OpaqueState == OpaqueStatePolicy.Pin && OpaqueState.Issuer(cascade.Name, cascade.Members, messages) is { } issuer)
        {
            _order = [issuer];
            Receipt.Note($"the conversation is pinned to {issuer.Name}: it holds reasoning that only this provider can read.");
        }

        if (options?.RawRepresentationFactory is not null)
        {
            Receipt.Note("RawRepresentationFactory was dropped: it is made for one provider, and a cascade may ask several.");
        }
    }

    public ReceiptBuilder Receipt { get; }

    /// <summary>Gets what the request requires of every model; <see langword="null"/> for nothing.</summary>
    public RequestRules? Rules { get; }

    /// <summary>Gets whether nobody comes after the member that was taken last: its answer stands, sure or not.</summary>
    public bool IsLast => _next == _order.Count;

    public Member? Next() => _next < _order.Count && TimeLeft != TimeSpan.Zero ? _order[_next++] : null;

    /// <summary>Gets the conversation that a member sees: provider state goes to its issuer only.</summary>
    public IReadOnlyList<ChatMessage> MessagesFor(Member member, IReadOnlyList<ChatMessage> messages) =>
        _hasOpaqueState ? OpaqueState.For(_cascade.Name, _cascade.Members, member, messages, Receipt) : messages;

    /// <summary>Marks provider state in an answer with the member that it came from.</summary>
    public void Mark(Member member, IList<AIContent> contents)
    {
        if (_cascade.Members.Count > 1)
        {
            OpaqueState.Mark(_cascade.Name, member, contents);
        }
    }

    public ChatOptions? OptionsFor(Member member)
    {
        ChatOptions? options = MemberRequest.Within(_envelope, Rules, member, MemberRequest.For(member.Client, _options, keepRawFactory: false));

        // The last member's answer stands whatever the rule says of it.
        return IsLast || !MemberRequest.Understands(member.Client) ? options
            : options.WithEnsemble(request => request with { Deferrals = [.. request.Deferrals, _cascade.Options.DeferBelow] });
    }

    /// <summary>Gets what is left of the request's deadline.</summary>
    public TimeSpan? TimeLeft => _envelope?.TimeLeft;

    /// <summary>Gets how long the next attempt may take.</summary>
    public TimeSpan? Limit => Envelope.Least(_cascade.Runner.Timeout, TimeLeft);

    /// <summary>Records an attempt that was not the last member's stream.</summary>
    /// <returns>The answer to commit to, or <see langword="null"/> to go on.</returns>
    public ChatResponse? Take(Member member, AttemptResult result, CancellationToken cancellationToken)
    {
        Receipt.Add(result.Attempt);
        if (!result.Succeeded)
        {
            Failed(member, result, cancellationToken);
            return null;
        }

        ChatResponse response = result.Response!;
        DeferVerdict verdict = AnswerJudge.Judge(_cascade.Options.DeferBelow, response, _options);
        if (!verdict.Defers || IsLast)
        {
            Receipt.Note(verdict.Defers ? $"{member.Name} is the last member; its answer stands ({verdict.Reason})" : $"{member.Name}: {verdict.Reason}");
            return Finish(member, response);
        }

        Receipt.Note($"{member.Name} → {_order[_next].Name}: {verdict.Reason}");
        _unsure = (member, response);
        return null;
    }

    /// <summary>Records a failure; throws when no other member may be asked.</summary>
    public void Failed(Member member, AttemptResult result, CancellationToken cancellationToken)
    {
        _lastError = result.Error;
        _unpaid = BudgetExceededException.Behind(_unpaid, result.Error);
        if (result.Cancelled)
        {
            throw Composition.Cancelled(result.Error, cancellationToken);
        }

        if (result.Error is NoEligibleModelException refused)
        {
            // This member may not; the next may.
            _refused++;
            _refusals.AddRange(refused.Refusals);
            return;
        }

        if (result.Failure.Scope == FailureScope.Request && _unsure is null && !(result.Failure.Class == FailureClass.ContentFilter && _cascade.Options.Routing.TryNextOnContentFilter))
        {
            throw Composition.Refused(member, result, Receipt.Build());
        }
    }

    /// <summary>Ends a cascade whose last members failed: an unsure answer is better than none.</summary>
    /// <exception cref="AllMembersFailedException">There is not even that.</exception>
    /// <exception cref="DeadlineExceededException">There is not even that, and the time is up.</exception>
    public ChatResponse FallBack()
    {
        if (_unsure is { } unsure)
        {
            Receipt.Note($"No later member answered; {unsure.Member.Name}'s unsure answer stands.");
            return Finish(unsure.Member, unsure.Response);
        }

        Receipt receipt = Receipt.Build();
        if (_refused == _order.Count)
        {
            throw new NoEligibleModelException(_cascade.Name, _refusals) { Receipt = receipt };
        }

        string attempts = string.Join("; ", receipt.Attempts.Select(a => $"{a.Member}: {a.Failure}, {a.Note}"));
        if (TimeLeft == TimeSpan.Zero)
        {
            throw new DeadlineExceededException($"{_cascade.Name}: the deadline has passed. {attempts}", _lastError) { Receipt = receipt };
        }

        throw new AllMembersFailedException($"{_cascade.Name}: no member answered. {attempts}", receipt, _lastError) { Unpaid = _unpaid };
    }

    private ChatResponse Finish(Member member, ChatResponse response)
    {
        foreach (ChatMessage message in response.Messages)
        {
            Mark(member, message.Contents);
        }

        ReceiptCarrier.Attach(response, Receipt.Build(member.Name, response.GetVote()));
        return response;
    }
}
