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
    private readonly List<string> _nested = [];

    public PlainExplanation(ClientSet set, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        (_set, _silent) = (set, set.Silent());
        _rules = RequestRules.Of(messages, options, set.Runtime);
        _requirements = _rules?.Requirements ?? Requirements.None;
        _profile = _rules?.Profile(messages, options) ?? new RequestProfile(messages, options, set.Runtime.SensitiveTextDetector);
    }

    // What a model must be able to do is checked where somebody requires it; what the request merely needs its provider says itself.
    private IEnumerable<Constraint> Rules => _requirements.Capabilities == ModelCapabilities.None ? RequestRules.Rules : [.. RequestRules.Rules, new CapabilityConstraint()];

    public RouteExplanation Of(ModelRegistration model)
    {
        Add(model.Name, model.Name);
        return Finish(model.Name, ModelChatClient.Kind, "one model; it is asked unless a rule of the request or of its tenant refuses it.");
    }

    public RouteExplanation Of(CompositionRegistration composition)
    {
        foreach (MemberOptions member in composition.Members)
        {
            Add(member.Model, member.Count > 1 ? $"{member.Name ?? member.Model}*{member.Count}" : member.Name ?? member.Model);
        }

        if (composition is { Members.Count: 0, Embeddings: { } embeddings })
        {
            _plan.Add(embeddings);
        }

        string how = composition.Kind == RouterChatClient.Kind
            ? "the members are asked in this order until one answers; no objective chooses among them, and whom a rule of the request or of its tenant refuses is passed over."
            : "the members are asked as the kind says, but for those that a rule of the request or of its tenant refuses.";
        return Finish(composition.Name, composition.Kind, how
            + (composition.Embeddings is { } key ? $" The embedding model '{key}' compares texts." : "")
            + (_nested.Count > 0 ? $" Explain {string.Join(", ", _nested)} for what is nested." : ""));
    }

    private RouteExplanation Finish(string name, string kind, string note) => new()
    {
        Name = name,
        Kind = kind,
        Profile = _profile,
        Requirements = _requirements,
        Candidates = [.. _candidates.OrderBy(candidate => candidate.Rank ?? int.MaxValue)],
        Plan = _plan,
        Note = _plan.Count == 0 ? "nobody qualifies: every member is refused by a rule of the request or of its tenant." : note,
    };

    private void Add(string model, string shown)
    {
        if (_set.Options.Compositions.Exists(composition => composition.Name.Equals(model, StringComparison.OrdinalIgnoreCase)))
        {
            // It obeys the rules itself, unless it is denied whole.
            if (_requirements.DenySet?.Contains(shown) is not true)
            {
                _plan.Add(shown);
                _nested.Add(model);
            }

            return;
        }

        (int rank, bool isAsked) = (_plan.Count + 1, false);
        foreach (Member place in DeployedModel.Expand([new Member(shown, _silent.MemberClient(model))]))
        {
            isAsked |= Add(place, rank);
        }

        if (isAsked)
        {
            _plan.Add(shown);
        }
    }

    private bool Add(Member place, int rank)
    {
        Candidate candidate = place.Facts ?? Candidate.Unknown(place.Name);
        Refusal? refusal = _rules?.Refuse(place, _profile);
        CandidateSignals signals = new();
        SelectionQuestion question = new(_profile, _requirements, new ReadOnlySpan<Candidate>(in candidate), new ReadOnlySpan<CandidateSignals>(in signals));
        _candidates.Add(CandidateExplanation.Of(question, 0, refusal is null ? rank : null, Rules, refusal?.Rules ?? ConstraintRules.None));
        return refusal is null;
    }
}
