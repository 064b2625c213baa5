using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Asks its members in order until one answers. Which failure goes on to whom is decided by its class and scope
/// (<see cref="FailureScope"/>). Safe for use by many threads at once; it does not own its members.
/// </summary>
public sealed partial class RouterChatClient : IChatClient, IEnsembleMember, IMemberHealth
{
    internal const string Kind = "route";

    private readonly EnsembleRuntime _runtime;
    private readonly int[] _reported;
    private readonly Dictionary<Member, RouteTarget[]> _targets;

    /// <summary>Creates a router.</summary>
    /// <param name="name">Its name in receipts.</param>
    /// <param name="members">The members in order.</param>
    /// <param name="options">Changes the defaults.</param>
    /// <param name="runtime">The clock, the logs and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <exception cref="ArgumentException">There is no member, two have the same name, or an option is out of range.</exception>
    /// <exception cref="EnsembleException">The selection does not fit the members.</exception>
    public RouterChatClient(string name, IEnumerable<Member> members, RouterOptions? options = null, EnsembleRuntime? runtime = null)
        : this(name, members, options, runtime, planner: null)
    {
    }

    internal RouterChatClient(string name, IEnumerable<Member> members, RouterOptions? options, EnsembleRuntime? runtime, IRoutePlanner? planner)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Options = options ?? new RouterOptions();
        Options.Validate();
        _runtime = runtime ?? EnsembleRuntime.Default;
        Members = Composition.CheckMembers(Options.Selection is { Members: { Count: > 0 } described } ? members?.Select(member => member.As(described, _runtime))! : members);
        _reported = new int[Members.Count];
        Runner = new AttemptRunner(name, Options.AttemptTimeout, _runtime);
        Planner = planner ?? (Options.Selection is { } selection ? new SelectionPlanner(name, Members, selection, _runtime, health: this) : null);
        _targets = Members.ToDictionary(member => member, Targets);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the members in order.</summary>
    public IReadOnlyList<Member> Members { get; }

    internal RouterOptions Options { get; }

    internal AttemptRunner Runner { get; }

    internal IRoutePlanner? Planner { get; }

    internal EnsembleMetrics Metrics => _runtime.Metrics;

    /// <summary>Gets the ways to a member.</summary>
    internal RouteTarget[] TargetsOf(Member member) => _targets.TryGetValue(member, out RouteTarget[]? known) ? known : Targets(member);

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="NoEligibleModelException">The requirements refuse every member.</exception>
    /// <exception cref="DeadlineExceededException">The time is up.</exception>
    /// <exception cref="BudgetExceededException">No budget pays for any member.</exception>
    /// <exception cref="EnsembleException">The request itself is at fault.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        RouteRun run = new(this, options);
        using Turn? turn = Turn.Begin(run.Request, cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        try
        {
            await run.PlanAsync(conversation, cancellationToken).ConfigureAwait(false);
            AttemptResult? last = null;
            while (await run.NextAsync(conversation, streaming: false, cancellationToken).ConfigureAwait(false) is { } step)
            {
                RouteStep ended = step;
                if (run.HedgingDelay(step, streaming: false) is { } delay)
                {
                    Contender won = await RaceAsync(run, step, conversation, delay, cancellationToken).ConfigureAwait(false);
                    (ended, last) = (won.Step, await won.Done.ConfigureAwait(false));
                    won.Release();
                }
                else
                {
                    last = await Runner.AskAsync(step.Way, run.MessagesFor(step.Member, conversation), run.OptionsFor(step), run.RulesFor(step.Member), step.Limit, cancellationToken, run.PaymentFor(step)).ConfigureAwait(false);
                }

                ended.End(last!);
                if (last!.Succeeded)
                {
                    await run.AwaitLosersAsync().ConfigureAwait(false);
                    return Finish(run, ended.Member, last, activity, turn);
                }

                run.Failed(ended, last, cancellationToken);
            }

            throw run.Exhausted(last?.Error);
        }
        catch (Exception exception)
        {
            Composition.Fail(activity, run.Receipt, exception, _runtime, Runner.Logger, turn);
            throw;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => Composition.GetService(this, Name, serviceType, serviceKey);

    /// <summary>Does nothing: a router owns none of its members.</summary>
    public void Dispose()
    {
    }

    // A member is as well as the best of its ways. One whose probe is due counts as well, or nobody would ever find out that it is back.
    (bool IsOut, double Headroom) IMemberHealth.Look(Member member)
    {
        bool isOut = true;
        double headroom = 0;
        foreach (RouteTarget target in TargetsOf(member))
        {
            bool passes = target.Lane.Health.Look().CanPass;
            isOut &= !passes;
            headroom = passes ? Math.Max(headroom, target.Lane.Headroom) : headroom;
        }

        return (isOut, headroom);
    }

    /// <summary>Logs once that somebody has to act before the member can be used again.</summary>
    internal void ReportOutOfUse(Member member, Attempt attempt)
    {
        for (int i = 0; i < Members.Count; i++)
        {
            if (Members[i] == member && Interlocked.Exchange(ref _reported[i], 1) == 0)
            {
                Log.OutOfUse(Runner.Logger, Name, member.Name, attempt.Failure, attempt.Note);
            }
        }
    }

    private RouteTarget[] Targets(Member member)
    {
        Lane[] lanes = _runtime.Lanes.Of(member, Options.MaxQueue, _runtime.TimeProvider);
        return [.. lanes.Select((lane, i) => new RouteTarget(this, member, lanes.Length == 1 ? member : new Member(member.Name, member.Clients[i]), lane))];
    }

    private Task<Contender> RaceAsync(RouteRun run, RouteStep step, IReadOnlyList<ChatMessage> messages, TimeSpan delay, CancellationToken cancellationToken)
    {
        Contender Start(RouteStep begun)
        {
            CancellationTokenSource own = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            return new Contender(begun, own, stream: null, AskAsync(begun, own.Token));
        }

        async Task<AttemptResult?> AskAsync(RouteStep begun, CancellationToken own) =>
            await Runner.AskAsync(begun.Way, run.MessagesFor(begun.Member, messages), run.OptionsFor(begun), run.RulesFor(begun.Member), begun.Limit, own, run.PaymentFor(begun)).ConfigureAwait(false);

        return HedgedRace.RunAsync(run, Start(step), delay, () => run.Beside(step, messages) is { } beside ? Start(beside) : null, Runner.Time, cancellationToken);
    }

    private ChatResponse Finish(RouteRun run, Member member, AttemptResult result, Activity? activity, Turn? turn)
    {
        run.Add(member, result.Attempt);
        Receipt receipt = run.Complete(member.Name);
        Composition.Finish(activity, receipt, _runtime, Runner.Logger, turn);
        ChatResponse response = result.Response!;
        if (Members.Count > 1)
        {
            response.ConversationId = ConversationPin.Mark(member, response.ConversationId);
            foreach (ChatMessage message in response.Messages)
            {
                OpaqueState.Mark(Name, member, message.Contents);
            }
        }

        ReceiptCarrier.Attach(response, receipt);
        return response;
    }
}
