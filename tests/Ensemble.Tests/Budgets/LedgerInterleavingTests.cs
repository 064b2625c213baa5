namespace Ensemble.Tests;

/// <summary>Runs the ledger's step machine through every order in which the steps of several calls can meet.</summary>
public class LedgerInterleavingTests
{
    private const long Cap = 100;
    private static readonly DateTimeOffset Start = new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LedgerAccount Account = new("cap", "", 0, Cap);

    // What a call does after its reservation: settles below, at, or above its reserve, gives it back, settles twice, or dies.
    private static readonly string[] Ends = ["below", "full", "over", "release", "twice", "dies"];

    [TestCase(1)]
    [TestCase(2, Description = "calls whose ids stand in different tables share the accounts")]
    public void NoOrderOfSteps_ReservesMoreThanTheCapOrClosesABookingTwice(int tables)
    {
        long orders = 0;
        foreach (string first in Ends)
        {
            foreach (string second in Ends)
            {
                foreach (string third in Ends)
                {
                    Call[] calls = [new(60, first), new(50, second), new(40, third)];
                    foreach (int[] order in Orders([.. calls.Select(call => call.Steps)]))
                    {
                        orders++;
                        Run(calls, order, tables);
                    }
                }
            }
        }

        Assert.That(orders, Is.GreaterThan(20_000));
    }

    private static void Run(Call[] calls, int[] order, int tables)
    {
        LedgerBooks books = new();
        LedgerMachine[] machines = [.. Enumerable.Range(0, tables).Select(_ => new LedgerMachine(books, 8, countsUsage: true))];
        int[] done = new int[calls.Length];
        bool[] accepted = new bool[calls.Length];
        int[] closed = new int[calls.Length];
        long spent = 0;
        long reserved = 0;
        foreach (int who in order)
        {
            Call call = calls[who];
            Guid id = new(who + 1, 0, 0, new byte[8]);
            LedgerMachine machine = machines[who % tables];
            if (done[who]++ == 0)
            {
                accepted[who] = machine.Reserve(new LedgerReservation { Id = id, NanoUsd = call.Amount, Accounts = [Account], Model = "m", At = Start, ExpiresAt = Start.AddHours(1) }).IsAccepted;
                if (accepted[who] != (spent + reserved + call.Amount <= Cap))
                {
                    Assert.Fail($"{Trace(calls, order)}: call {who} should{(accepted[who] ? " not" : "")} have been reserved at {spent} spent, {reserved} reserved");
                }

                reserved += accepted[who] ? call.Amount : 0;
            }
            else
            {
                SettleOutcome outcome = call.End == "release"
                    ? machine.Release(id)
                    : machine.Settle(new LedgerSettlement { Id = id, NanoUsd = call.Cost, At = Start });
                if (outcome is SettleOutcome.Settled or SettleOutcome.OverReserve)
                {
                    closed[who]++;
                    spent += call.End == "release" ? 0 : call.Cost;
                    reserved -= call.Amount;
                }
            }

            if (books.Balance(Account) != new LedgerBalance(spent, reserved))
            {
                Assert.Fail($"{Trace(calls, order)}: the account does not say {spent} spent, {reserved} reserved");
            }

            // Only an overrun may bring the account past its cap, and then nothing more is reserved.
            if (spent + reserved > Cap && !calls.Any(one => one.End == "over"))
            {
                Assert.Fail($"{Trace(calls, order)}: {spent} + {reserved} is above the cap");
            }
        }

        Array.ForEach(machines, machine => machine.Expire(Start.AddHours(2)));
        for (int i = 0; i < calls.Length; i++)
        {
            bool dies = calls[i].End == "dies";
            if (closed[i] != (accepted[i] && !dies ? 1 : 0))
            {
                Assert.Fail($"{Trace(calls, order)}: call {i} was closed {closed[i]} times");
            }

            spent += accepted[i] && dies ? calls[i].Amount : 0;
        }

        if (books.Balance(Account) != new LedgerBalance(spent, 0) || machines.Any(machine => machine.OpenCount != 0))
        {
            Assert.Fail($"{Trace(calls, order)}: after everything expired {spent} should be spent and nothing reserved");
        }

        Array.ForEach(machines, machine => machine.Flush());

        // Each call that was not given back is counted once, with what it has cost.
        UsageTotals used = books.Usage().Select(line => line.Value).Aggregate(default(UsageTotals), static (sum, line) => sum + line);
        if (used.Calls != calls.Where((call, i) => accepted[i] && call.End != "release").Count() || used.CostNanoUsd != spent)
        {
            Assert.Fail($"{Trace(calls, order)}: {used.Calls} calls of {used.CostNanoUsd} are counted, where {spent} is spent");
        }
    }

    private static string Trace(Call[] calls, int[] order) => $"{string.Join(", ", calls.Select(call => $"{call.Amount} {call.End}"))}; order {string.Join(' ', order)}";

    private static IEnumerable<int[]> Orders(int[] left)
    {
        if (left.Sum() == 0)
        {
            yield return [];
            yield break;
        }

        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] > 0)
            {
                left[i]--;
                foreach (int[] rest in Orders(left))
                {
                    yield return [i, .. rest];
                }

                left[i]++;
            }
        }
    }

    private sealed record Call(long Amount, string End)
    {
        public int Steps => End switch { "dies" => 1, "twice" => 3, _ => 2 };

        public long Cost => End switch { "below" => Amount / 2, "over" => Amount * 2, _ => Amount };
    }
}
