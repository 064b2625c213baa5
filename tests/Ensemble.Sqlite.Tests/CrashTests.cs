using System.Diagnostics;
using System.Globalization;

namespace Ensemble.Sqlite.Tests;

public class CrashTests
{
    private const int Forever = 1_000_000;

    [Test]
    public async Task AProcessKilledUnderLoad_NeitherLosesNorDoublesABooking([Values(1, 2, 3, 4)] int seed)
    {
        using TemporaryFolder folder = new();
        string path = folder.File("ledger.db");
        using Process victim = Start(path, seed, Forever);
        using Process other = Start(path, seed + 100, 40);
        Task<Journal> otherTold = ReadAsync(other, int.MaxValue);
        Journal told = await ReadAsync(victim, 200 + (seed * 37));
        victim.Kill();
        await told.DrainAsync(victim);
        await victim.WaitForExitAsync();
        Journal survivor = await otherTold;
        await other.WaitForExitAsync();
        Assert.That(survivor.Done, Is.True, "the process that shares the file was not disturbed");

        using SqliteLedgerStore store = new(new SqliteLedgerOptions { Path = path });
        foreach ((Guid id, long cost) in told.Settled)
        {
            Assert.That(await store.SettleAsync(CrashChild.Settlement(id, cost), default), Is.EqualTo(SettleOutcome.AlreadyClosed), "what was answered is kept");
        }

        foreach ((Guid id, long cost) in told.Begun)
        {
            // What was begun may have been done or not; doing it again makes it done once.
            await store.ReserveAsync(CrashChild.Reservation(id), default);
            await store.SettleAsync(CrashChild.Settlement(id, cost), default);
        }

        Dictionary<Guid, long> all = told.Begun.Concat(survivor.Begun).ToDictionary();
        UsageLine usage = (await store.GetUsageAsync(new UsageQuery(), default)).Single();
        Assert.That(await store.GetBalanceAsync(CrashChild.Account, default), Is.EqualTo(new LedgerBalance(all.Values.Sum(), 0)));
        Assert.That(usage.Calls, Is.EqualTo(all.Count));
        Assert.That(NanoUsd.FromUsd(usage.CostUsd), Is.EqualTo(all.Values.Sum()));
        Assert.That(told.Settled, Is.Not.Empty, "the process was killed under load");
    }

    private static Process Start(string path, int seed, int rounds)
    {
        ProcessStartInfo start = new(Environment.ProcessPath is { } dotnet && Path.GetFileNameWithoutExtension(dotnet) == "dotnet" ? dotnet : "dotnet")
        {
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        foreach (string argument in (string[])["exec", typeof(CrashChild).Assembly.Location, CrashChild.Verb, path, seed.ToString(CultureInfo.InvariantCulture), rounds.ToString(CultureInfo.InvariantCulture)])
        {
            start.ArgumentList.Add(argument);
        }

        return Process.Start(start)!;
    }

    private static async Task<Journal> ReadAsync(Process process, int lines)
    {
        Journal journal = new();
        for (int i = 0; i < lines && await process.StandardOutput.ReadLineAsync() is { } line; i++)
        {
            journal.Note(line);
        }

        return journal;
    }

    /// <summary>What a child said that it began and that it finished.</summary>
    private sealed class Journal
    {
        public Dictionary<Guid, long> Begun { get; } = [];

        public Dictionary<Guid, long> Settled { get; } = [];

        public bool Done { get; private set; }

        public void Note(string line)
        {
            string[] words = line.Split(' ');
            switch (words)
            {
                case ["r", var id, var cost]:
                    Begun.Add(Guid.Parse(id), long.Parse(cost, CultureInfo.InvariantCulture));
                    break;
                case ["S", var id, var cost]:
                    Settled.Add(Guid.Parse(id), long.Parse(cost, CultureInfo.InvariantCulture));
                    break;
                case ["done"]:
                    Done = true;
                    break;
            }
        }

        // The last line may be half a line; then its step had not begun, or had not been answered.
        public async Task DrainAsync(Process process)
        {
            string rest = await process.StandardOutput.ReadToEndAsync();
            string[] lines = rest.Split('\n');
            foreach (string line in lines[..^1])
            {
                Note(line);
            }
        }
    }
}
