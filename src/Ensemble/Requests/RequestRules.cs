using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What one request, its tenant and the routes on its way require of every model that is asked, with the sensitive data that was found in it
/// once. It rides on the request in the options, so that a leaf deep in a composition obeys what was asked of the whole. Immutable.
/// </summary>
internal sealed class RequestRules
{
    /// <summary>The rules about what somebody requires of a model. What the request merely needs (window, tools) its provider says itself.</summary>
    public static readonly Constraint[] Rules =
    [
        new PlacementConstraint(),
        new SensitiveDataConstraint(),
        new ResidencyConstraint(),
        new DataPolicyConstraint(),
        new TenantConstraint(),
        new LanguageConstraint(),
        new QualityConstraint(),
        new PriceCeilingConstraint(),
    ];

    /// <summary>The rules about who sees the text of a request, and where.</summary>
    public static readonly Constraint[] Sight = [new PlacementConstraint(), new SensitiveDataConstraint(), new ResidencyConstraint(), new DataPolicyConstraint(), new TenantConstraint()];

    private static readonly ConditionalWeakTable<ChatMessage, ScannedRequest> Configured = [];

    private static readonly EnsembleRequest Anybody = new();

    private readonly Requirements _asked;
    private readonly string? _tenant;
    private readonly TenantTable<Requirements>? _tenants;
    private readonly ScannedRequest? _scanned;
    private readonly SensitiveTextDetector? _detector;
    private readonly SensitiveData _found;

    private RequestRules(RequestRules known, IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector)
    {
        Requirements = known.Requirements;
        (_asked, _tenant, _tenants, _detector) = (known._asked, known._tenant, known._tenants, detector);
        (_scanned, _found) = (ScannedRequest.Of(messages, options), known.Scan(messages, options, detector));
    }

    private RequestRules(Requirements requirements, EnsembleRequest? request, TenantTable<Requirements>? tenants, IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector, SensitiveData found)
    {
        Requirements = requirements;
        (_asked, _tenant, _tenants) = (request?.Requirements ?? Requirements.None, request?.Tenant, tenants);
        (_scanned, _detector, _found) = (requirements.KeepLocal == SensitiveData.None ? null : ScannedRequest.Of(messages, options), detector, found);
    }

    /// <summary>Gets what is required.</summary>
    public Requirements Requirements { get; }

    /// <summary>Gets what looks for sensitive data beyond the known formats.</summary>
    public SensitiveTextDetector? Detector => _detector;

    /// <summary>Finds the rules of a request; without any it reads nothing and allocates nothing.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options with the request.</param>
    /// <param name="runtime">Knows what tenants require.</param>
    /// <returns>The rules, or <see langword="null"/> when nothing is required.</returns>
    public static RequestRules? Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options, EnsembleRuntime runtime) =>
        Of(options.GetEnsembleRequest(), known: null, messages, options, runtime);

    /// <summary>Finds the rules of a request whose options may not hold it.</summary>
    public static RequestRules? Of(EnsembleRequest? request, RequestRules? known, IReadOnlyList<ChatMessage> messages, ChatOptions? options, EnsembleRuntime runtime)
    {
        known ??= request?.Rules;
        if (request is null && (known is not null || runtime.Tenants is null))
        {
            return known?.With(messages, options, runtime.SensitiveTextDetector);
        }

        // What holds for everybody holds for who says nothing of himself, too.
        request ??= Anybody;
        bool sameTenant = runtime.Tenants is null || (known is not null && string.Equals(request.Tenant, known._tenant, StringComparison.OrdinalIgnoreCase) && ReferenceEquals(known._tenants, runtime.Tenants));
        if (known is not null && sameTenant && ReferenceEquals(known._asked, request.Requirements))
        {
            return known.With(messages, options, runtime.SensitiveTextDetector);
        }

        // Middleware on the way may have tightened what was asked; nothing loosens it.
        Requirements asked = known is null ? request.Requirements : known.Requirements.And(request.Requirements);
        Requirements all = !sameTenant && runtime.Tenants is { } tenants ? tenants.Of(request.Tenant).And(asked) : asked;
        return all.IsEmpty ? null : Create(all, request, messages, options, runtime, known);
    }

    /// <summary>Adds what a composition requires of all that is asked within it.</summary>
    /// <param name="rules">The rules so far.</param>
    /// <param name="requirements">What is required besides; which of its own members a composition allows is its own concern.</param>
    /// <param name="profile">The request as the composition has read it.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options with the request.</param>
    /// <param name="detector">What finds sensitive data beyond the known formats.</param>
    /// <param name="tenants">The tenants whose rules are among those so far.</param>
    public static RequestRules? Tighten(
        RequestRules? rules, Requirements requirements, RequestProfile profile, IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector, TenantTable<Requirements>? tenants)
    {
        if (requirements.IsEmpty)
        {
            return rules?.With(messages, options, detector);
        }

        Requirements all = rules is null ? requirements : rules.Requirements.And(requirements);
        return new RequestRules(all, options.GetEnsembleRequest(), tenants, messages, options, SensitiveTextDetectors.Together(rules?._detector, detector), all.KeepLocal == SensitiveData.None ? SensitiveData.None : profile.SensitiveData);
    }

    /// <summary>Says that a message is text of the configuration, such as a member's own system prompt: it is nothing that the caller sent.</summary>
    public static void Configure(ChatMessage message) => Configured.AddOrUpdate(message, ScannedRequest.Of([message], options: null));

    /// <summary>Makes the profile of a request as somebody on its way sees it. What the caller sent has been scanned already, what came to it since has not.</summary>
    public RequestProfile Profile(IReadOnlyList<ChatMessage> messages, ChatOptions? options) => Profile(messages, options, _detector);

    /// <summary>Makes the profile of what a model is about to be sent, from whose options the request has been taken out.</summary>
    public RequestProfile ProfileOf(EnsembleRequest? request, IReadOnlyList<ChatMessage> messages, ChatOptions? options) => Profile(messages, options, _detector, request?.Domain);

    /// <summary>Makes the profile of a request as somebody on its way sees it who looks for more: he finds that besides what is found already.</summary>
    public RequestProfile Profile(IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector, string? domain = null) =>
        new(messages, options, detector, domain) { Scanned = Requirements.KeepLocal == SensitiveData.None ? null : Scan(messages, options, detector) };

    /// <summary>Says why a composition may not ask a member; of a composition among the members only whether it is denied, since it obeys the rules itself.</summary>
    public Refusal? Refuse(Member member, RequestProfile profile) =>
        member.IsComposition ? (Denies(member.Name) || (Requirements.DenySet is not null && member.Client.GetService<IEnsembleMember>() is { } own && Denies(own.Name)) ? Deny(member.Name, profile) : null)
        : member.Facts is not { } facts ? new Refusal(ConstraintRules.Undescribed, Candidate.Unknown(member.Name), Requirements, profile)
        : Refuse(facts, profile);

    /// <summary>Gets whether a composition is denied whole.</summary>
    public bool Denies(string composition) => Requirements.DenySet?.Contains(composition) is true;

    /// <summary>Makes the refusal of a composition that is denied whole.</summary>
    public Refusal Deny(string composition, RequestProfile profile) => new(ConstraintRules.Tenant, Candidate.Unknown(composition), Requirements, profile);

    /// <summary>Says why a model may not be asked.</summary>
    public Refusal? Refuse(Candidate candidate, RequestProfile profile)
    {
        CandidateSignals signals = new();
        ConstraintRules refused = (Requirements.Capabilities & ~candidate.Capabilities) == 0 ? ConstraintRules.None : ConstraintRules.Capability;
        SelectionQuestion question = new(profile, Requirements, new ReadOnlySpan<Candidate>(in candidate), new ReadOnlySpan<CandidateSignals>(in signals));
        foreach (Constraint rule in Rules)
        {
            rule.Check(question, new Span<ConstraintRules>(ref refused));
        }

        return refused == ConstraintRules.None ? null : new Refusal(refused, candidate, Requirements, profile);
    }

    /// <summary>
    /// Says why text of the request may not go to an embedding model. One in this process always may see it; another must be described as what every rule
    /// about who may see the text, and where, requires. What only concerns answers, such as quality, does not refuse it.
    /// </summary>
    public Refusal? RefuseEmbeddings(IEmbeddingGenerator embeddings, IReadOnlyList<ChatMessage> messages, ChatOptions? options) =>
        EmbeddingAttempt.IsFree(embeddings) ? null : RefuseEmbeddings(EmbeddingAttempt.FactsOf(embeddings), messages, options);

    /// <summary>Says why text of the request may not go to an embedding model that does not compute in this process.</summary>
    public Refusal? RefuseEmbeddings(Candidate facts, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        const ConstraintRules Seen = ConstraintRules.Placement | ConstraintRules.SensitiveData | ConstraintRules.Residency | ConstraintRules.DataPolicy | ConstraintRules.Tenant;
        RequestProfile profile = Profile(messages, options);
        return Refuse(facts, profile) is { } refusal && (refusal.Rules & Seen) != 0 ? new Refusal(refusal.Rules & Seen, facts, Requirements, profile) : null;
    }

    /// <summary>Says to how many tokens a model's answer must be limited so that the ceiling of the price holds.</summary>
    public long? OutputLimit(Candidate candidate, RequestProfile profile)
    {
        CandidateSignals signals = new();
        return Selector.OutputLimit(new SelectionQuestion(profile, Requirements, new ReadOnlySpan<Candidate>(in candidate), new ReadOnlySpan<CandidateSignals>(in signals)), 0);
    }

    /// <summary>Says what a call can cost: the answer that must be payable and the longest one.</summary>
    public PriceBound BoundOf(Candidate candidate, RequestProfile profile)
    {
        CandidateSignals signals = new();
        SelectionQuestion question = new(profile, Requirements, new ReadOnlySpan<Candidate>(in candidate), new ReadOnlySpan<CandidateSignals>(in signals));
        long most = Math.Min(profile.OutputLimit ?? long.MaxValue, candidate.MaxOutput > 0 ? candidate.MaxOutput : long.MaxValue);
        return new PriceBound(candidate.Price, question.InputTokens(0), Math.Max(1, profile.OutputLimit ?? (long)PriceCeilingConstraint.Needed(question, 0)), most);
    }

    /// <summary>Refuses a member that does not know the rules itself, or that is asked past its client.</summary>
    /// <param name="member">The member.</param>
    /// <param name="messages">What it is asked.</param>
    /// <param name="options">The options.</param>
    /// <param name="past">Whether it is asked past its client, which then cannot check.</param>
    /// <exception cref="NoEligibleModelException">It may not be asked.</exception>
    public void Demand(Member member, IEnumerable<ChatMessage> messages, ChatOptions? options, bool past = false)
    {
        // A model of ours checks itself, by the description that goes with the request. Middleware around it may not hand the request on.
        if (!past && member.Client is ModelChatClient { IsLeaf: true })
        {
            return;
        }

        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        if (Refuse(member, Profile(conversation, options)) is { } refusal)
        {
            throw new NoEligibleModelException(member.Name, [refusal]);
        }
    }

    private static RequestRules Create(
        Requirements requirements, EnsembleRequest request, IReadOnlyList<ChatMessage> messages, ChatOptions? options, EnsembleRuntime runtime, RequestRules? before)
    {
        SensitiveTextDetector? detector = SensitiveTextDetectors.Together(before?._detector, runtime.SensitiveTextDetector);
        SensitiveData data = requirements.KeepLocal == SensitiveData.None ? SensitiveData.None
            : before is { Requirements.KeepLocal: not SensitiveData.None } ? before.Scan(messages, options, detector)
            : new RequestProfile(messages, options, detector).SensitiveData;
        return new RequestRules(requirements, request, runtime.Tenants ?? before?._tenants, messages, options, detector, data);
    }

    // Whoever made the rules may not know of the detectors that are registered here.
    private RequestRules With(IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? here)
    {
        SensitiveTextDetector? detector = Requirements.KeepLocal == SensitiveData.None ? _detector : SensitiveTextDetectors.Together(_detector, here);
        return ReferenceEquals(detector, _detector) ? this : new RequestRules(this, messages, options, detector);
    }

    // What was scanned before is scanned again only for whoever looks for more.
    private SensitiveData Scan(IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector) =>
        ReferenceEquals(detector, _detector) ? Scan(messages, options)
        : Scan(messages, options) | new RequestProfile([.. messages.Where(static message => !IsConfigured(message))], options, detector).SensitiveData;

    private SensitiveData Scan(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (_scanned is null)
        {
            return new RequestProfile(messages, options, _detector).SensitiveData;
        }

        List<ChatMessage>? added = null;
        for (int i = 0, near = 0; i < messages.Count; i++)
        {
            ChatMessage message = messages[i];
            if (!_scanned.Has(message, ref near) && !IsConfigured(message))
            {
                (added ??= []).Add(message);
            }
        }

        bool sameOptions = _scanned.Has(options);
        return added is null && sameOptions ? _found : _found | new RequestProfile(added ?? [], sameOptions ? null : options, _detector).SensitiveData;
    }

    // Unless somebody on the way has written into it.
    private static bool IsConfigured(ChatMessage message)
    {
        int near = 0;
        return Configured.TryGetValue(message, out ScannedRequest? known) && known.Has(message, ref near);
    }
}
