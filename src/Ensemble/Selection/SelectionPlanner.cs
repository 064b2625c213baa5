using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Plans a router's requests by rules and an objective. Whom it leaves out is never asked, under any failure.</summary>
internal sealed class SelectionPlanner : IRoutePlanner
{
    /// <summary>What the note of a decision begins with.</summary>
    public const string NotePrefix = "selection: ";

    private readonly string _router;
    private readonly SelectionOptions _options;
    private readonly SelectionSnapshot _snapshot;
    private readonly SelectionLearning _learning;
    private readonly IMemberHealth? _health;
    private readonly ConversationMemory _conversations;
    private readonly Member[] _members;
    private readonly Dictionary<Member, int> _candidates = [];

    // Members of whom only their client says what they are, and whose client stands for another model after a reload.
    private readonly int[] _renewable;
    private readonly TenantTable<TenantChoice> _tenants;
    private readonly SensitiveTextDetector? _detector;
    private readonly EnsembleRuntime _runtime;
    private long _requests;
    private Candidate[] _current;

    /// <summary>Creates a planner.</summary>
    /// <param name="router">The name of the router.</param>
    /// <param name="members">The router's members.</param>
    /// <param name="options">How to choose.</param>
    /// <param name="runtime">The clock, for how long a provider keeps what it has cached, and what tenants require.</param>
    /// <param name="health">What is known of the members' health; <see langword="null"/> when nobody asks them.</param>
    /// <exception cref="EnsembleException">A deployment is no member of the router, or quality decides and a member has none.</exception>
    public SelectionPlanner(string router, IReadOnlyList<Member> members, SelectionOptions options, EnsembleRuntime runtime, IMemberHealth? health = null)
    {
        _router = router;
        _options = options;
        _health = health;
        _conversations = new ConversationMemory(runtime.TimeProvider);
        _runtime = runtime;
        _detector = SensitiveTextDetectors.Together(runtime.SensitiveTextDetector, options.SensitiveTextDetector);
        HashSet<string> named = [.. members.Where(IsNamed).Select(static member => member.Name)];
        SelectionMember[] described = [.. options.Members, .. Undescribed(members, options.Members)];
        _snapshot = SelectionSnapshot.Create(described, options.Near, name => Find(members, name).Client.GetService<VariationChatClient>()?.Variation);
        _learning = new SelectionLearning(_snapshot, runtime.TimeProvider);
        _members = [.. _snapshot.Candidates.Select(candidate => Find(members, candidate.Deployment.Name))];
        for (int i = 0; i < _members.Length; i++)
        {
            if (!_candidates.TryAdd(_members[i], i))
            {
                throw new EnsembleException($"{router}: the member '{_members[i].Name}' is a deployment twice; a member is one deployment of one model.");
            }
        }

        _current = _snapshot.Candidates;
        _renewable = [.. Enumerable.Range(0, _members.Length).Where(i => named.Contains(_members[i].Name) && !_members[i].IsComposition && SaysItself(_members[i], options.Members))];
        _tenants = options.ByTenant($"{nameof(SelectionOptions)}.{nameof(SelectionOptions.Tenants)} of {router}");
        foreach (TenantChoice choice in options.Combinations())
        {
            if (SelectionSnapshot.ProblemWithQuality(described.Select(member => new KnownQuality(member.Model ?? member.Name, member.Quality, member.QualityByDomain)), choice.Requirements, choice.Objective) is { } problem)
            {
                throw new EnsembleException($"{router}: {problem}");
            }
        }
    }

    public bool IsStrict => true;

    public ValueTask<RoutePlan> PlanAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, CancellationToken cancellationToken) =>
        ValueTask.FromResult(Plan(messages, options, rules));

    // What is best is what the members' qualities say; where none is known nobody is.
    public decimal? BestSingleUsd(Attempt answered)
    {
        Candidate? best = null;
        foreach (Candidate candidate in Candidates())
        {
            if (!double.IsNaN(candidate.Quality) && (best is null || candidate.Quality > best.Quality))
            {
                best = candidate;
            }
        }

        return best is not null && answered is { InputTokens: { } input, OutputTokens: { } output } ? best.Price.CostUsd(input, output) : null;
    }

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

    internal RoutePlan Plan(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules)
    {
        Choice choice = Choose(messages, options, rules, Interlocked.Increment(ref _requests), _learning.TryProbe);
        Candidate[] candidates = choice.Candidates;
        return new RoutePlan(
            [.. choice.Plan.ToArray().Select(candidate => _members[candidate])],
            Describe(choice),
            Purse: PurseOf(choice, messages),
            Deadline: choice.Requirements.Deadline,
            Rules: RequestRules.Tighten(rules, choice.Within, choice.Profile, messages, options, choice.Detector, _runtime.Tenants),
            Facts: member => candidates[_candidates[member]],
            Answered: (member, attempt) => Answered(choice, _candidates[member], attempt),
            Refuse: () => new NoEligibleModelException(_router, Refusals(choice)));
    }

    private void Answered(Choice choice, int candidate, Attempt attempt)
    {
        _conversations.Keep(choice.Conversation, candidate, attempt.InputTokens ?? 0);
        if (attempt is { InputTokens: > 0 and { } reported, UsageSource: UsageSource.Reported })
        {
            _learning.LearnInput(candidate, reported, choice.Profile);
        }
    }

    private CeilingPurse? PurseOf(Choice choice, IReadOnlyList<ChatMessage> messages)
    {
        if (choice.Requirements.MaxUsd is not { } ceiling)
        {
            return null;
        }

        SelectionQuestion question = choice.Question;
        Dictionary<Member, PriceBound> bounds = new(choice.Decision.Eligible);
        foreach (int index in choice.Plan)
        {
            Candidate candidate = choice.Candidates[index];
            long needed = Math.Max(1, (long)PriceCeilingConstraint.Needed(question, index));
            long most = Math.Min(candidate.OutputLimit(choice.Profile) ?? long.MaxValue, candidate.MaxOutput);
            bounds.Add(_members[index], new PriceBound(candidate.Price, question.InputTokens(index), needed, most));
        }

        return new CeilingPurse(ceiling, bounds, messages);
    }

    /// <summary>Says what <see cref="Plan"/> would decide for the next request.</summary>
    internal RouteExplanation Explain(IReadOnlyList<ChatMessage> messages, ChatOptions? options, string kind = RouterChatClient.Kind)
    {
        Choice choice = Choose(messages, options, RequestRules.Of(messages, options, _runtime), Volatile.Read(ref _requests) + 1, _ => true);
        int[] plan = choice.Plan.ToArray();
        int[] refused = [.. Enumerable.Range(0, _members.Length).Except(plan)];
        return new RouteExplanation
        {
            Name = _router,
            Kind = kind,
            Profile = choice.Profile,
            Objective = choice.Objective,
            Requirements = choice.Requirements,
            Candidates = [.. plan.Concat(refused).Select((candidate, rank) => CandidateExplanation.Of(choice.Question, candidate, rank < plan.Length ? rank + 1 : null, Constraint.All, choice.Refusals[candidate]))],
            Plan = [.. plan.Select(candidate => _members[candidate].Name)],
            Note = Describe(choice),
        };
    }

    private Choice Choose(IReadOnlyList<ChatMessage> messages, ChatOptions? options, RequestRules? rules, long request, Func<int, bool> tryProbe)
    {
        EnsembleRequest? asked = options.GetEnsembleRequest();
        TenantChoice own = _tenants.Of(asked?.Tenant);
        Requirements requirements = own.Requirements.And(rules?.Requirements ?? asked?.Requirements ?? Requirements.None);
        Objective objective = asked?.Objective ?? own.Objective;

        // What the rules of the request have scanned already is not scanned again, unless this route looks for more.
        SensitiveTextDetector? detector = SensitiveTextDetectors.Together(rules?.Detector, _detector);
        RequestProfile profile = rules?.Profile(messages, options, detector) ?? new(messages, options, detector);
        int count = _members.Length;
        CandidateSignals[] signals = new CandidateSignals[count];
        _learning.CopyTo(signals);
        for (int i = 0; i < count && _health is not null; i++)
        {
            (signals[i].IsOut, signals[i].Headroom) = _health.Look(_members[i]);
        }

        ulong conversation = ConversationMemory.KeyOf(messages, asked?.Tenant);
        if (messages.Count > 1 && _conversations.TryFind(conversation, out int last, out long tokens))
        {
            signals[last].CachedTokens = tokens;
        }

        Choice choice = new(profile, requirements, objective, Candidates(), signals) { Conversation = conversation, Within = own.Within, Detector = detector };
        ulong seed = SeededHash.Mix((ulong)request, (ulong)_options.Seed);
        choice.Decision = Selector.Decide(choice.Question, objective, _options.Balancing, seed, choice.Refusals, choice.Scores, choice.Order);
        if (Probes(choice, signals, tryProbe))
        {
            choice.Decision = Selector.Decide(choice.Question, objective, _options.Balancing, seed, choice.Refusals, choice.Scores, choice.Order);
        }

        return choice;
    }

    /// <summary>Leaves whoever has been too slow for the deadline in the plan only when it is asked first and this request is the one to measure it again.</summary>
    /// <returns>Whether somebody in the plan must leave it, so that the decision is made again.</returns>
    private static bool Probes(Choice choice, CandidateSignals[] signals, Func<int, bool> tryProbe)
    {
        bool changed = false;
        for (int rank = 0; choice.Requirements.Deadline is { } deadline && rank < choice.Decision.Eligible; rank++)
        {
            int candidate = choice.Order[rank];
            if (choice.Question.SecondsToEnd(candidate) > deadline.TotalSeconds && (rank > 0 || !tryProbe(candidate)))
            {
                signals[candidate].MayProbe = false;
                changed = true;
            }
        }

        return changed;
    }

    private static List<Refusal> Refusals(Choice choice)
    {
        List<Refusal> all = [];
        for (int i = 0; i < choice.Refusals.Length; i++)
        {
            if (choice.Refusals[i] != ConstraintRules.None)
            {
                all.Add(new Refusal(choice.Refusals[i], choice.Candidates[i], choice.Requirements, choice.Profile));
            }
        }

        return all;
    }

    private string Describe(Choice choice)
    {
        (Objective objective, Decision decision, int[] order, ConstraintRules[] refusals) = (choice.Objective, choice.Decision, choice.Order, choice.Refusals);
        StringBuilder text = new(NotePrefix);
        if (decision.Eligible == 0)
        {
            text.Append("nobody qualifies");
        }
        else
        {
            text.Append(CultureInfo.InvariantCulture, $"{_members[order[0]].Name} is {DecisionReason.Describe(choice.Question, objective, choice.Plan, choice.Scores)}");
            if (!double.IsNaN(decision.ExpectedUsd))
            {
                text.Append(CultureInfo.InvariantCulture, $", ${decision.ExpectedUsd:0.######} expected");
            }

            if (choice.CachedTokensOf(order[0]) is > 0 and { } cached)
            {
                text.Append(CultureInfo.InvariantCulture, $", {cached} tokens of the conversation are cached there");
            }
        }

        string separator = "; out after failures: ";
        foreach (int candidate in choice.Plan)
        {
            if (choice.IsOut(candidate))
            {
                text.Append(separator).Append(_members[candidate].Name);
                separator = ", ";
            }
        }

        separator = "; refused: ";
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

    /// <summary>Gets what is known of the members now; the clients of names are asked whom they stand for.</summary>
    private Candidate[] Candidates()
    {
        Candidate[] known = Volatile.Read(ref _current);
        Candidate[]? changed = null;
        foreach (int index in _renewable)
        {
            // An undescribed model keeps the description that is the least: nothing is known of it.
            if (Renewed(_members[index], known[index]) is { } renewed)
            {
                (changed ??= [.. known])[index] = renewed;
            }
        }

        if (changed is null)
        {
            return known;
        }

        Volatile.Write(ref _current, changed);
        return changed;
    }

    private Candidate? Renewed(Member member, Candidate known)
    {
        SelectionMember? said = member.Client.GetService<SelectionMember>();
        return said is null || ReferenceEquals(said, known.Source) || said.Deployments is not [var deployment] ? null
            : new Candidate(ModelDescriber.Rename(said, member.Name), deployment, known.MemberIndex, _options.Near, member.Client.GetService<VariationChatClient>()?.Variation) { Source = said };
    }

    private static bool IsNamed(Member member) => member.Client.GetService<NamedChatClient>() is not null;

    // What the code of the route says of a member counts, unless that is what the member's client said.
    private static bool SaysItself(Member member, IReadOnlyList<SelectionMember> described) =>
        described.FirstOrDefault(one => one.Deployments.Any(deployment => deployment.Name.Equals(member.Name, StringComparison.OrdinalIgnoreCase))) is not { } own
        || ReferenceEquals(own, member.Client.GetService<SelectionMember>());

    private static IEnumerable<SelectionMember> Undescribed(IReadOnlyList<Member> members, IReadOnlyList<SelectionMember> described)
    {
        HashSet<string> known = new(described.SelectMany(member => member.Deployments).Select(deployment => deployment.Name), StringComparer.OrdinalIgnoreCase);
        return members.Where(member => !known.Contains(member.Name)).GroupBy(ModelOf).Select(Describe);
    }

    // The deployments of a model are members of the router; together they are one member of the selection.
    private static string ModelOf(Member member) => member.Client.GetService<DeploymentOf>() is null ? member.Name : member.Name[..member.Name.IndexOf('/', StringComparison.Ordinal)];

    private static SelectionMember Describe(IGrouping<string, Member> members)
    {
        Member first = members.First();
        return (first.Client.GetService<DeploymentOf>()?.Model ?? first.Client.GetService<SelectionMember>()) is { } known
            ? ModelDescriber.Rename(known, members.Key)
            : new SelectionMember
            {
                Name = first.Name,
                Card = new ModelCard { Id = first.Name, ContextWindow = first.Traits.ContextWindow },
                Deployments = [new Deployment { Name = first.Name, InProcess = first.Traits.InProcess }],
            };
    }

    private Member Find(IReadOnlyList<Member> members, string name) =>
        members.FirstOrDefault(member => member.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new EnsembleException($"{_router}: the deployment '{name}' is no member of the router.{Suggestion.For(name, members.Select(m => m.Name))}");

    /// <summary>One decision with everything that it depended on.</summary>
    private sealed class Choice(RequestProfile profile, Requirements requirements, Objective objective, Candidate[] candidates, CandidateSignals[] signals)
    {
        public RequestProfile Profile => profile;

        public Requirements Requirements => requirements;

        public Candidate[] Candidates => candidates;

        public Objective Objective => objective;

        public SelectionQuestion Question => new(profile, requirements, candidates, signals);

        public ulong Conversation { get; init; }

        /// <summary>Gets what looks for sensitive data beyond the known formats.</summary>
        public SensitiveTextDetector? Detector { get; init; }

        /// <summary>Gets what the route requires of whatever its members ask.</summary>
        public Requirements Within { get; init; } = Requirements.None;

        public long CachedTokensOf(int candidate) => signals[candidate].CachedTokens;

        public bool IsOut(int candidate) => signals[candidate].IsOut;

        public ConstraintRules[] Refusals { get; } = new ConstraintRules[candidates.Length];

        public double[] Scores { get; } = new double[candidates.Length];

        public int[] Order { get; } = new int[candidates.Length];

        public Decision Decision { get; set; }

        public ReadOnlySpan<int> Plan => Order.AsSpan(0, Decision.Eligible);
    }
}
