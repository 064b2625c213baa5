using System.Globalization;

namespace Ensemble.Sqlite.Tests;

/// <summary>
/// The process that the crash test kills: four workers reserve and settle as fast as they can. A small letter with an id is written before
/// each step and a capital one after it, so that the parent knows what was begun and what was answered.
/// </summary>
internal static class CrashChild
{
    public const string Verb = "hammer";
    public const long Amount = 100;
    public static readonly DateTimeOffset Noon = new(2026, 11, 25, 12, 0, 0, TimeSpan.Zero);
    public static readonly LedgerAccount Account = new("cap", "", 0, 1_000_000_000);

    public static async Task<int> Main(string[] arguments)
    {
        if (arguments is not [Verb, var path, var seed, var rounds])
        {
            await Console.Error.WriteLineAsync("This is a test assembly; run it with dotnet test.");
            return 2;
        }

        using SqliteLedgerStore store = new(new SqliteLedgerOptions { Path = path, SurvivePowerLoss = false });
        int first = int.Parse(seed, CultureInfo.InvariantCulture);
        int count = int.Parse(rounds, CultureInfo.InvariantCulture);
        await Task.WhenAll(Enumerable.Range(0, 4).Select(worker => Task.Run(() => HammerAsync(store, new Random((first * 4) + worker), count))));
        Say("done");
        return 0;
    }

    public static LedgerReservation Reservation(Guid id) => new() { Id = id, NanoUsd = Amount, Accounts = [Account], Model = "mini", At = Noon, ExpiresAt = Noon.AddDays(1) };

    public static LedgerSettlement Settlement(Guid id, long cost) => new() { Id = id, NanoUsd = cost, InputTokens = 1, OutputTokens = 1, At = Noon, Source = UsageSource.Reported };

    private static async Task HammerAsync(SqliteLedgerStore store, Random random, int rounds)
    {
        for (int i = 0; i < rounds; i++)
        {
            byte[] bytes = new byte[16];
            random.NextBytes(bytes);
            Guid id = new(bytes);
            long cost = random.NextInt64(1, Amount + 1);
            Say($"r {id} {cost}");
            await store.ReserveAsync(Reservation(id), default);
            Say($"R {id} {cost}");
            Say($"s {id} {cost}");
            await store.SettleAsync(Settlement(id, cost), default);
            Say($"S {id} {cost}");
        }
    }

    private static void Say(string line)
    {
        lock (Console.Out)
        {
            Console.Out.WriteLine(line);
            Console.Out.Flush();
        }
    }
}
