using System.Globalization;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A router over four faulty deployments in virtual time, and what must hold of every request.</summary>
internal sealed class SimulationWorld : IDisposable
{
    public const decimal Cap = 1_000m;

    // Requests end on whichever thread their last continuation ran.
    private int _answered;
    private int _interrupted;
    private int _refused;
    private int _left;

    private readonly SimulationPlan _plan;
    private readonly ILedgerStore _store;
    private readonly IChatClient _router;

    /// <summary>Creates a world.</summary>
    /// <param name="plan">What happens.</param>
    /// <param name="sabotage">Breaks the executor, to see that the world notices.</param>
    /// <param name="store">Keeps the money; <see langword="null"/> for the memory's ledger.</param>
    /// <param name="tellsStory">Whether every call is written down.</param>
    public SimulationWorld(SimulationPlan plan, Func<IChatClient, SimulationMember[], IChatClient>? sabotage = null, ILedgerStore? store = null, bool tellsStory = false)
    {
        _plan = plan;
        _store = store ?? new MemoryLedgerStore();
        Story = tellsStory ? [] : null;
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
        EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(_store, [new Budget("all", Cap)], Time) };
        Members = [.. Enumerable.Range(0, 4).Select(i => new SimulationMember($"m{i}", Time, plan) { Story = Story })];
        RouterChatClient router = new(
            "main",
            Members.Select(member => new Member(member.Name, member.AsModel(member.Name, price, runtime))),
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(20), Hedging = new() { Quantile = 0.9 } },
            runtime);
        _router = sabotage?.Invoke(router, Members) ?? router;
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

    public LedgerBalance Balance => _store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default).AsTask().GetAwaiter().GetResult();

    public void Dispose() => _router.Dispose();

    /// <summary>Runs the plan until something does not hold.</summary>
    public void Run()
    {
        foreach (IGrouping<int, int> batch in _plan.Requests.GroupBy(static index => index / SimulationPlan.Batch))
        {
            Time.Run(() => Task.WhenAll(batch.Select(RequestAsync)));
            Ran += batch.Count();
            Random chance = _plan.Chance("between", batch.Key);
            Time.Advance(TimeSpan.FromSeconds(chance.Next(1, 10)));
            if (chance.Next(20) == 0)
            {
                Time.JumpWallClock(TimeSpan.FromHours(chance.Next(-5, 6)));
            }

            if (Violations.Count > 0)
            {
                return;
            }
        }

        LedgerBalance balance = Balance;
        Check(balance.ReservedNanoUsd == 0, $"{balance.ReservedNanoUsd} nano-dollars stay reserved");
        Check(balance.SpentNanoUsd <= NanoUsd.CapFromUsd(Cap), $"{balance.SpentNanoUsd} nano-dollars are spent");
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
        ChatOptions options = new() { MaxOutputTokens = 16 };
        int callsWhenLeft = -1;
        try
        {
            if (streaming)
            {
                await foreach (ChatResponseUpdate update in _router.GetStreamingResponseAsync($"request {index}", options, caller.Token).ConfigureAwait(false))
                {
                    seen += update.Text;
                    receipt = update.GetReceipt();
                }
            }
            else
            {
                ChatResponse response = await _router.GetResponseAsync($"request {index}", options, caller.Token).ConfigureAwait(false);
                (seen, receipt) = (response.Text, response.GetReceipt());
            }

            Hedged += receipt?.Notes.Any(static note => note.StartsWith("hedged", StringComparison.Ordinal)) is true ? 1 : 0;
            Interlocked.Increment(ref _answered);
            Check(seen.Length == SimulationMember.Pieces * SimulationMember.PieceLength && IsPrefix(seen, index), index, $"answered '{seen}'");
        }
        catch (StreamInterruptedException error)
        {
            Interlocked.Increment(ref _interrupted);
            Check(streaming && seen.Length > 0 && IsPrefix(seen, index) && error.Partial!.Text == seen, index, $"interrupted after '{seen}'");
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

    // What the caller sees is always the beginning of exactly one member's answer to this very request.
    private bool IsPrefix(string seen, int index) =>
        seen.Length == 0 || Members.Any(member => member.Whole(index).StartsWith(seen, StringComparison.Ordinal));

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
