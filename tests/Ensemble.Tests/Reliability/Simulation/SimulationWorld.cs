using System.Globalization;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A router over four faulty deployments in virtual time, and what must hold of every request.</summary>
internal sealed class SimulationWorld : IDisposable
{
    /// <summary>What a calendar day pays: it binds on most days, since the clock jumps ahead.</summary>
    public const decimal CapOfADay = 1.6m;

    // What AnswerScript.WrongSchema answers.
    private const string WrongSchema = """{"unasked":true}""";

    // What a request costs on average, measured; requests that are told to pay from the small cap spend about half of what they would.
    private const decimal CostOfARequest = 0.0001m;

    private static readonly Price Price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };

    // Requests end on whichever thread their last continuation ran.
    private int _answered;
    private int _interrupted;
    private int _refused;
    private int _left;

    private readonly SimulationPlan _plan;
    private readonly ILedgerStore _store;
    private readonly IChatClient _router;
    private readonly IChatClient _turns;
    private readonly RouterChatClient _main;
    private (long Due, int Faults)? _recovery;
    private bool _due;

    /// <summary>Creates a world.</summary>
    /// <param name="plan">What happens.</param>
    /// <param name="sabotage">Breaks the executor, to see that the world notices.</param>
    /// <param name="store">Keeps the money; <see langword="null"/> for the memory's ledger.</param>
    /// <param name="tellsStory">Whether every call is written down.</param>
    /// <param name="reportsTwice">Whether usage is reported twice, to see that the world notices what is booked twice.</param>
    /// <param name="watchesMoney">Whether every booking is compared with what members reported and receipts say.</param>
    public SimulationWorld(SimulationPlan plan, Func<IChatClient, SimulationMember[], IChatClient>? sabotage = null, ILedgerStore? store = null, bool tellsStory = false, bool watchesMoney = false, bool reportsTwice = false)
    {
        _plan = plan;
        _store = store ?? new MemoryLedgerStore();
        Money = watchesMoney ? new WatchedLedger(_store, what => Check(false, what)) : null;
        Story = tellsStory ? [] : null;
        SmallCap = plan.Whole / 4 * CostOfARequest / 2;
        Budget[] budgets = [new Budget("all", 1_000m), new Budget("day", CapOfADay) { Per = BudgetPeriod.Day }, new Budget("small", SmallCap) { OnlyWhenNamed = true }];
        EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(Money ?? _store, budgets, Time) };
        Members = [.. Enumerable.Range(0, 5).Select(i => new SimulationMember($"m{i}", Time, plan) { Story = Story, ReportsTwice = reportsTwice })];

        // One deployment, one with two keys, and a router of two more.
        IChatClient[] models = [.. Members.Select(member => member.AsModel(member.Name, Price, runtime))];
        RouterChatClient inner = new("inner", [new Member("m3", models[3]), new Member("m4", models[4])], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(2) }, runtime);
        _main = new(
            "main",
            [new Member("m0", models[0]), new Member("keys", [models[1], models[2]]), new Member("inner", inner)],
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(20), Hedging = new() { Quantile = 0.9 } },
            runtime);
        _router = sabotage?.Invoke(_main, Members) ?? _main;
        _turns = _router.AsBuilder().UseEnsembleRequest(Time).UseFunctionInvocation().Build();
    }

    public VirtualTime Time { get; } = new();

    public SimulationMember[] Members { get; }

    public List<(int Request, string Member, string Fault)>? Story { get; }

    /// <summary>Gets what did not hold.</summary>
    public List<string> Violations { get; } = [];

    /// <summary>Gets how many requests were run before something did not hold.</summary>
    public int Ran { get; private set; }

    public int Answered => _answered;

    public int Interrupted => _interrupted;

    public int Refused => _refused;

    public int Hedged { get; private set; }

    public int Left => _left;

    /// <summary>Gets how often the first deployment was found well again, in time.</summary>
    public int Recoveries { get; private set; }

    /// <summary>Gets how often the first request after the wait brought it back; the others were hedged or not paid for, and the next one did.</summary>
    public int BackAtOnce { get; private set; }

    /// <summary>Gets how many requests were answered after a tool had run.</summary>
    public int Turned { get; private set; }

    /// <summary>Gets how many answers of a wrong schema reached their callers.</summary>
    public int Missed { get; private set; }

    /// <summary>Gets how many receipts were compared with the ledger.</summary>
    public int Compared { get; private set; }

    /// <summary>Gets what requests may spend that pay from the small cap.</summary>
    public decimal SmallCap { get; }

    /// <summary>Gets who looks at the money; <see langword="null"/> when nobody does.</summary>
    public WatchedLedger? Money { get; }

    public LedgerBalance Small => _store.GetBalanceAsync(new LedgerAccount("small", "", 0, 0), default).AsTask().GetAwaiter().GetResult();

    public LedgerBalance Balance => _store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default).AsTask().GetAwaiter().GetResult();

    public void Dispose() => _router.Dispose();

    /// <summary>Runs the plan until something does not hold.</summary>
    public void Run()
    {
        foreach (IGrouping<int, int> batch in _plan.Requests.GroupBy(static index => index / SimulationPlan.Batch))
        {
            BeforeBatch(batch.Key);
            int calls = Members[0].Calls;
            Time.Run(() => Task.WhenAll(batch.Select(RequestAsync)));
            Ran += batch.Count();
            AfterBatch(wasAsked: calls < Members[0].Calls);
            Random chance = _plan.Chance("between", batch.Key);
            Time.Advance(TimeSpan.FromSeconds(chance.Next(1, 10)));
            if (chance.Next(20) == 0)
            {
                Time.JumpWallClock(TimeSpan.FromHours(chance.Next(-5, 9)));
            }

            if (Violations.Count > 0)
            {
                return;
            }
        }

        // The deaf come back.
        Time.Advance(TimeSpan.FromSeconds(30));
        LedgerBalance balance = Balance;
        Check(balance.ReservedNanoUsd == 0, $"{balance.ReservedNanoUsd} nano-dollars stay reserved");
        if (Money is not null)
        {
            (long input, long output) = (Members.Sum(static member => member.Reported.InputTokens), Members.Sum(static member => member.Reported.OutputTokens));
            long cost = NanoUsd.FromUsd(Price.CostUsd(input, output)!.Value);
            Check(Money.Reported == (input, output, cost), $"{Money.Reported} are booked as reported, and members reported {(input, output, cost)}");
        }

        Check(Members.All(static member => member.Open == 0), "calls are left running");
        Check(Time.PendingTimers == 0, "timers are left running");
    }

    /// <summary>Tells a failing plan: every request that is left, how its calls went, and what did not hold.</summary>
    public string Tell()
    {
        List<string> lines = [$"seed {_plan.Seed}, {_plan.Requests.Length} requests:"];
        foreach (int index in _plan.Requests)
        {
            TimeSpan? leaves = LeavesAfter(index);
            string calls = string.Join("; then ", (Story ?? []).Where(call => call.Request == index).Select(call => $"{call.Member} {(call.Fault.Length == 0 ? "answers" : call.Fault)}"));
            lines.Add($"  request {index}, {(IsStreamed(index) ? "streamed" : "whole")}{(leaves is { } after ? $", its caller leaves after {after}" : "")}: {calls}");
        }

        return string.Join(Environment.NewLine, [.. lines, .. Violations.Select(static violation => $"  => {violation}")]);
    }

    // A batch in which the first deployment is well again, after one in which it was not: when is its next call due?
    private void BeforeBatch(int batch)
    {
        bool isWell = Members[0].IsWellIn(batch);
        if (!isWell)
        {
            _recovery = null;
        }
        else if (batch > 0 && !Members[0].IsWellIn(batch - 1))
        {
            TimeSpan wait = _main.TargetsOf(_main.Members[0])[0].Lane.Health.Look().Wait;
            _recovery = wait > TimeSpan.Zero ? ((Time.Elapsed + wait).Ticks, Members[0].Faults) : null;
        }

        _due = _recovery is { } recovery && Time.Elapsed.Ticks >= recovery.Due && Members[0].Faults == recovery.Faults;
    }

    // The first batch after that must bring it back, unless one of the few faults of good times has hit it. A probe whose caller left, or that another call beat, is due again.
    private void AfterBatch(bool wasAsked)
    {
        if (!_due)
        {
            return;
        }

        BreakerState state = _main.TargetsOf(_main.Members[0])[0].Lane.Health.Look().State;
        if (wasAsked && (state is BreakerState.Closed || Members[0].Faults == _recovery!.Value.Faults))
        {
            Recoveries++;
            BackAtOnce += state is BreakerState.Closed ? 1 : 0;
            Check(state is BreakerState.Closed or BreakerState.ProbeDue, $"{Time.Elapsed}: m0 is well again, and {state}");
        }

        _recovery = null;
    }

    private static bool IsStreamed(int index) => index % 2 == 0;

    private TimeSpan? LeavesAfter(int index)
    {
        Random chance = _plan.Chance("caller", index);
        return chance.Next(20) == 0 ? TimeSpan.FromMilliseconds(chance.Next(1, 3000)) : null;
    }

    private async Task RequestAsync(int index)
    {
        bool streaming = IsStreamed(index);
        using CancellationTokenSource caller = new(LeavesAfter(index) ?? Timeout.InfiniteTimeSpan, Time);
        string seen = "";
        Receipt? receipt = null;
        string name = index.ToString(CultureInfo.InvariantCulture);
        ChatOptions options = new ChatOptions { MaxOutputTokens = 16 }.WithEnsemble(request => request with { Tenant = Money is null ? null : name, Budgets = index % 4 == 3 ? ["small"] : [] });
        int callsWhenLeft = -1;
        int ran = 0;
        bool hasTool = index % 32 is 5 or 6;
        if (hasTool)
        {
            options.Tools = [AIFunctionFactory.Create(() => $"noon, {++ran}", SimulationMember.Tool)];
        }

        IChatClient router = hasTool ? _turns : _router;
        try
        {
            if (streaming)
            {
                await foreach (ChatResponseUpdate update in router.GetStreamingResponseAsync($"request {index}", options, caller.Token).ConfigureAwait(false))
                {
                    seen += update.Text;
                    receipt = update.GetReceipt();
                }
            }
            else
            {
                ChatResponse response = await router.GetResponseAsync($"request {index}", options, caller.Token).ConfigureAwait(false);
                (seen, receipt) = (response.Text, response.GetReceipt());
            }

            Hedged += receipt?.Notes.Any(static note => note.StartsWith("hedged", StringComparison.Ordinal)) is true ? 1 : 0;
            Interlocked.Increment(ref _answered);
            Compare(receipt, name, index);
            bool missed = seen == WrongSchema && Members.Any(member => member.Missed(index));
            (Turned, Missed) = (Turned + (hasTool && !missed ? 1 : 0), Missed + (missed ? 1 : 0));
            Check(missed || (seen.Length == SimulationMember.Pieces * SimulationMember.PieceLength && IsPrefix(seen, index)), index, $"answered '{seen}'");
            Check(!hasTool || ran == 1 || missed, index, $"the tool ran {ran} times before '{seen}'");
        }
        catch (StreamInterruptedException error)
        {
            Interlocked.Increment(ref _interrupted);
            Check(streaming && (seen.Length > 0 || hasTool) && IsPrefix(seen, index) && error.Partial!.Text == seen, index, $"interrupted after '{seen}'");
        }
        catch (OperationCanceledException)
        {
            Interlocked.Increment(ref _left);
            callsWhenLeft = Members.Sum(member => member.CallsOf(index));
            Check(caller.IsCancellationRequested && IsPrefix(seen, index), index, $"cancelled after '{seen}'");
        }
        catch (EnsembleException)
        {
            Interlocked.Increment(ref _refused);
            Check(seen.Length == 0, index, $"refused after '{seen}'");
        }

        Check(ran <= 1, index, $"the tool ran {ran} times");
        _ = Money?.TakeCost(name);
        if (callsWhenLeft >= 0)
        {
            await Task.Delay(TimeSpan.FromSeconds(3), Time).ConfigureAwait(false);
            Check(Members.Sum(member => member.CallsOf(index)) == callsWhenLeft, index, "a member was called after the caller left");
        }

        foreach (SimulationMember member in Members)
        {
            member.Forget(index);
        }
    }

    // What the caller is told is what was booked, where both are known.
    private void Compare(Receipt? receipt, string name, int index)
    {
        if (Money is not null && receipt?.CostUsd is { } told && Money.TakeCost(name) is { } booked)
        {
            Compared++;
            Check(told == booked, index, $"the receipt says ${told}, the ledger ${booked}");
        }
    }

    // What the caller sees is always the beginning of exactly one member's answer to this very request.
    private bool IsPrefix(string seen, int index) =>
        seen.Length == 0 || Members.Any(member => member.Whole(index).StartsWith(seen, StringComparison.Ordinal)
            || (member.Missed(index) && WrongSchema.StartsWith(seen, StringComparison.Ordinal)));

    private void Check(bool holds, int index, string what) => Check(holds, string.Create(CultureInfo.InvariantCulture, $"{Time.Elapsed}: request {index}: {what}"));

    private void Check(bool holds, string what)
    {
        if (!holds)
        {
            lock (Violations)
            {
                Violations.Add(what);
            }
        }
    }
}
