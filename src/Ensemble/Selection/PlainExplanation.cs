using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What would happen to a request where nobody chooses among the members: whom the rules of the request and of its tenant let be asked.</summary>
internal sealed class PlainExplanation
{
    private readonly ClientSet _set;
    private readonly ClientSet _silent;
    private readonly RequestRules? _rules;
    private readonly Requirements _requirements;
    private readonly RequestProfile _profile;
    private readonly List<CandidateExplanation> _candidates = [];
    private readonly List<string> _plan = [];
    private readonly List<RouteExplanation> _nested = [];
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;

    public PlainExplanation(ClientSet set, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        (_set, _silent, _messages, _options) = (set, set.Silent(), messages, options);
        _rules = RequestRules.Of(messages, options, set.Runtime);
        _requirements = _rules?.Requirements ?? Requirements.None;
        _profile = _rules?.Profile(messages, options) ?? new RequestProfile(messages, options, set.Runtime.SensitiveTextDetector);
    }

    // What a model must be able to do is checked where somebody requires it; what the request merely needs its provider says itself.
    private IEnumerable<Constraint> Rules => _requirements.Capabilities == ModelCapabilities.None ? RequestRules.Rules : [.. RequestRules.Rules, new CapabilityConstraint()];

    public RouteExplanation Of(ModelRegistration model)
    {
        Add(new MemberOptions { Model = model.Name }, model.Name, explain: null);
        return Finish(model.Name, ModelChatClient.Kind, "one model; it is asked unless a rule of the request or of its tenant refuses it.");
    }

    public RouteExplanation Of(CompositionRegistration composition, Func<string, IReadOnlyList<ChatMessage>, ChatOptions?, RouteExplanation> explain)
    {
        string compared = "";
        bool isFirst = composition.Kind is SemanticRouter.Kind or ClassifierChatClient.Kind;
        if (composition.Embeddings is { } embeddings && isFirst)
        {
            compared = AddEmbeddings(embeddings);
        }

        foreach (MemberOptions member in composition.Members)
        {
            Add(member, member.Count > 1 ? $"{member.Name ?? member.Model}*{member.Count}" : member.Name ?? member.Model, explain);
        }

        if (composition.Embeddings is { } last && !isFirst)
        {
            compared = AddEmbeddings(last);
        }

        string how = composition.Kind == RouterChatClient.Kind
            ? "the members are asked in this order until one answers; no objective chooses among them, and whom a rule of the request or of its tenant refuses is passed over."
            : "the members are asked as the kind says, but for those that a rule of the request or of its tenant refuses.";
        return Finish(composition.Name, composition.Kind, how
            + compared);
    }

    private RouteExplanation Finish(string name, string kind, string note) => new()
    {
        Name = name,
        Kind = kind,
        Profile = _profile,
        Requirements = _requirements,
        Candidates = [.. _candidates.OrderBy(candidate => candidate.Rank ?? int.MaxValue)],
        Plan = _plan,
        Nested = _nested,
        Note = _plan.Count == 0 ? "nobody qualifies: every member is refused by a rule of the request or of its tenant." : note,
    };

    // It is asked before the members, or of their answers; what concerns answers only does not refuse it.
    private string AddEmbeddings(string key)
    {
        (Candidate facts, bool isFree) = _set.EmbeddingFacts(key);
        ConstraintRules refused = !isFree && _rules?.RefuseEmbeddings(facts, _messages, _options) is { } refusal ? refusal.Rules : ConstraintRules.None;
        bool isAsked = refused == ConstraintRules.None;
        CandidateSignals signals = new();
        SelectionQuestion question = new(_profile, _requirements, new ReadOnlySpan<Candidate>(in facts), new ReadOnlySpan<CandidateSignals>(in signals));
        _candidates.Add(CandidateExplanation.Of(question, 0, isAsked ? _plan.Count + 1 : null, isFree ? [] : RequestRules.Sight, refused));
        if (isAsked)
        {
            _plan.Add(key);
            return $" The embedding model '{key}' compares texts{(isFree ? "; it computes in this process, and every rule lets it see them" : "")}.";
        }

        return $" The embedding model '{key}' is refused and compares no texts.";
    }

    private void Add(MemberOptions member, string shown, Func<string, IReadOnlyList<ChatMessage>, ChatOptions?, RouteExplanation>? explain)
    {
        (string model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestProfile profile) = (member.Model, _messages, _options, _profile);
        if (member.Varies)
        {
            // Whoever is behind the member sees what the member makes of the request.
            VariationChatClient variation = new(_silent.MemberClient(model), member, 0);
            (messages, options) = (variation.Vary(messages, _rules is not null), variation.Vary(options));
            profile = _rules?.Profile(messages, options) ?? new RequestProfile(messages, options, _set.Runtime.SensitiveTextDetector);
        }

        if (_set.Options.Compositions.Exists(composition => composition.Name.Equals(model, StringComparison.OrdinalIgnoreCase)))
        {
            // It obeys the rules itself, unless it is denied whole.
            if (_requirements.DenySet is not { } denied || (!denied.Contains(member.Name ?? model) && !denied.Contains(model)))
            {
                RouteExplanation nested = explain!(model, messages, _rules is null ? options : options.WithEnsemble(request => request with { Rules = _rules }));
                _nested.Add(nested);
                if (nested.Plan.Count > 0)
                {
                    _plan.Add(shown);
                }
            }

            return;
        }

        // A route of its own stands before several places of one model.
        bool chooses = _set.Options.Models.Exists(known => known.Deployments.Count > 0 && known.Name.Equals(model, StringComparison.OrdinalIgnoreCase)) && _set.FindPlanner(model) is not null;
        (int rank, bool isAsked) = (_plan.Count + 1, false);
        foreach (Member place in DeployedModel.Expand([new Member(shown, _silent.MemberClient(model))]))
        {
            isAsked |= Add(place, rank, profile, chooses);
        }

        if (isAsked)
        {
            _plan.Add(shown);
        }
    }

    private bool Add(Member place, int rank, RequestProfile profile, bool chooses)
    {
        Candidate candidate = place.Facts ?? Candidate.Unknown(place.Name);
        Refusal? refusal = _rules?.Refuse(place, profile);
        CandidateSignals signals = new();
        SelectionQuestion question = new(profile, _requirements, new ReadOnlySpan<Candidate>(in candidate), new ReadOnlySpan<CandidateSignals>(in signals));
        ConstraintRules refused = refusal?.Rules ?? ConstraintRules.None;
        if (chooses)
        {
            foreach (Constraint rule in Constraint.All)
            {
                rule.Check(question, new Span<ConstraintRules>(ref refused));
            }
        }

        bool isAsked = refused == ConstraintRules.None;
        _candidates.Add(CandidateExplanation.Of(question, 0, isAsked ? rank : null, chooses ? Constraint.All : Rules, refused));
        return isAsked;
    }
}
