using Microsoft.Extensions.AI;

namespace Ensemble;

// What a member is sent.
internal sealed partial class RouteRun
{
    /// <summary>Gets the conversation that a member sees: provider state goes to its issuer only.</summary>
    public IReadOnlyList<ChatMessage> MessagesFor(Member member, IReadOnlyList<ChatMessage> messages) =>
        _hasOpaqueState ? OpaqueState.For(_router.Name, _router.Members, member, messages, Receipt) : messages;

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

        return model is not null ? own : MemberRequest.Within(_envelope, _rules, step.Way, own, FactsOf(member), step.Loan);
    }

    /// <summary>Makes what pays for a call; <see langword="null"/> when the member sees to that itself.</summary>
    public ModelPayment? PaymentFor(RouteStep step) => step.Target.Model is null ? null : new ModelPayment(_request, _envelope, _router.Runner.Time.GetTimestamp())
    {
        Rules = _rules,
        IsBeside = step.IsBeside,
        Loan = step.Loan,
        Facts = _rules is null ? null : FactsOf(step.Member) ?? step.Member.Facts,
    };

    private Candidate? FactsOf(Member member) => _rules is null ? null : _plan?.Facts?.Invoke(member);
}
