using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Plans a router's requests by rules and an objective. Whom it leaves out is never asked, under any failure.</summary>
internal sealed class SelectionPlanner : IRoutePlanner
{
    private readonly string _router;
    private readonly SelectionOptions _options;
    private readonly SelectionSnapshot _snapshot;
    private readonly SelectionLearning _learning;
    private readonly Member[] _members;
    private readonly Dictionary<Member, int> _candidates = [];
    private readonly FrozenDictionary<string, Requirements> _tenants;
    private long _requests;

    /// <summary>Creates a planner.</summary>
    /// <param name="router">The name of the router.</param>
    /// <param name="members">The router's members.</param>
    /// <param name="options">How to choose.</param>
    /// <exception cref="EnsembleException">A deployment is no member of the router, or quality decides and a member has none.</exception>
    public SelectionPlanner(string router, IReadOnlyList<Member> members, SelectionOptions options)
    {
        _router = router;
        _options = options;
        SelectionMember[] described = [.. options.Members, .. Undescribed(members, options.Members)];
        _snapshot = SelectionSnapshot.Create(described, options.Near);
        _learning = new SelectionLearning(_snapshot);
        _members = [.. _snapshot.Candidates.Select(candidate => Find(members, candidate.Deployment.Name))];
        for (int i = 0; i < _members.Length; i++)
        {
            if (!_candidates.TryAdd(_members[i], i))
            {
                throw new EnsembleException($"{router}: the member '{_members[i].Name}' is a deployment twice; a member is one deployment of one model.");
            }
        }

        _tenants = options.Tenants.ToFrozenDictionary(pair => pair.Key, pair => options.Requirements.And(pair.Value), StringComparer.Ordinal);
        foreach (Requirements requirements in _tenants.Values.Prepend(options.Requirements))
        {
            SelectionSnapshot.CheckQuality(described, requirements, options.Objective);
        }
    }

    public bool IsStrict => true;

    public ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Plan(messages, options));

    public void Begin(Member member) => _learning.Begin(_candidates[member]);

    public void End(Member member, Attempt attempt)
    {
        int candidate = _candidates[member];
        _learning.End(candidate);
        if (attempt.Outcome == AttemptOutcome.Answered)
        {
            _learning.Learn(candidate, attempt.OutputTokens, attempt.TimeToFirstContent, attempt.Duration);
        }
    }

    internal RoutePlan Plan(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        Requirements requirements = request?.Tenant is { } tenant && _tenants.TryGetValue(tenant, out Requirements? own) ? own : _options.Requirements;
        requirements = requirements.And(request?.Requirements ?? Requirements.None);
        Objective objective = request?.Objective ?? _options.Objective;
        RequestProfile profile = new(messages, options, _options.SensitiveTextDetector);
        int count = _members.Length;
        CandidateSignals[] signals = new CandidateSignals[count];
        ConstraintRules[] refusals = new ConstraintRules[count];
        int[] order = new int[count];
        _learning.CopyTo(signals);
        ulong seed = SeededHash.Mix((ulong)Interlocked.Increment(ref _requests), (ulong)_options.Seed);
        SelectionQuestion question = new(profile, requirements, _snapshot.Candidates, signals);
        Decision decision = Selector.Decide(question, objective, _options.Balancing, seed, refusals, new double[count], order);
        Dictionary<Member, long>? limits = null;
        foreach (int candidate in order.AsSpan(0, decision.Eligible))
        {
            if (Selector.OutputLimit(question, candidate) is { } limit)
            {
                (limits ??= []).Add(_members[candidate], limit);
            }
        }

        return new RoutePlan(
            [.. order.Take(decision.Eligible).Select(candidate => _members[candidate])],
            Describe(objective, decision, order, refusals),
            OutputLimits: limits,
            Refuse: () => new NoEligibleModelException(_router, Refusals(refusals, requirements, profile)));
    }

    private List<Refusal> Refusals(ConstraintRules[] refusals, Requirements requirements, RequestProfile profile)
    {
        List<Refusal> all = [];
        for (int i = 0; i < refusals.Length; i++)
        {
            if (refusals[i] != ConstraintRules.None)
            {
                all.Add(new Refusal(refusals[i], _snapshot.Candidates[i], requirements, profile));
            }
        }

        return all;
    }

    private string Describe(Objective objective, Decision decision, int[] order, ConstraintRules[] refusals)
    {
        StringBuilder text = new("selection: ");
        if (decision.Eligible == 0)
        {
            text.Append("nobody qualifies");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{_members[order[0]].Name} is {objective.Describe()} of {decision.Eligible} that qualify");
            if (!double.IsNaN(decision.ExpectedUsd))
            {
                text.Append(CultureInfo.InvariantCulture, $", ${decision.ExpectedUsd:0.######} expected");
            }
        }

        string separator = "; refused: ";
        for (int i = 0; i < refusals.Length; i++)
        {
            if (refusals[i] != ConstraintRules.None)
            {
                text.Append(separator).Append(_members[i].Name).Append(" (").Append(refusals[i]).Append(')');
                separator = ", ";
            }
        }

        return text.ToString();
    }

    private static IEnumerable<SelectionMember> Undescribed(IReadOnlyList<Member> members, IReadOnlyList<SelectionMember> described)
    {
        HashSet<string> known = new(described.SelectMany(member => member.Deployments).Select(deployment => deployment.Name), StringComparer.OrdinalIgnoreCase);
        return members.Where(member => !known.Contains(member.Name)).Select(member => new SelectionMember
        {
            Name = member.Name,
            Card = new ModelCard { Id = member.Name, ContextWindow = member.Traits.ContextWindow },
            Deployments = [new Deployment { Name = member.Name, InProcess = member.Traits.InProcess }],
        });
    }

    private Member Find(IReadOnlyList<Member> members, string name) =>
        members.FirstOrDefault(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new EnsembleException($"{_router}: the deployment '{name}' is no member of the router.{Suggestion.For(name, members.Select(m => m.Name))}");
}
