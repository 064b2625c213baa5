using System.Globalization;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>
/// Many requests over deployments that fail in every way, in bursts, brown-outs and recoveries, with a wall clock that jumps; all from one
/// seed. ENSEMBLE_SIMULATION_REQUESTS sets how many, ENSEMBLE_SIMULATION_SEED which.
/// </summary>
[NonParallelizable]
public class SimulationTests
{
    private const int InSuite = 100_000;
    private const int Batch = 50;
    private const int Pieces = 4;

    private static readonly TimeSpan Epoch = TimeSpan.FromSeconds(30);

    [Test]
    public async Task Requests_AreNeverLostOverspentDuplicatedOrJoined()
    {
        int requests = Setting("ENSEMBLE_SIMULATION_REQUESTS", InSuite);
        int seed = Setting("ENSEMBLE_SIMULATION_SEED", 20261125);
        using World world = new(seed);
        long memory = GC.GetTotalMemory(forceFullCollection: true);
        for (int done = 0; done < requests; done += Batch)
        {
            world.Time.Run(() => Task.WhenAll(Enumerable.Range(done, Batch).Select(world.RequestAsync)));
            world.Between();
            Assert.That(world.Trace, Is.Empty, $"seed {seed}, after {done} requests");
        }

        LedgerBalance balance = await world.BalanceAsync();
        Assert.Multiple(() =>
        {
            Assert.That(world.Answered + world.Interrupted + world.Refused + world.Left, Is.EqualTo(requests), "every request ends once");
            Assert.That(world.Answered, Is.GreaterThan(requests / 2));
            Assert.That(world.Hedged, Is.GreaterThan(requests / 1000), "some are hedged");
            Assert.That(balance, LedgerIs.Settled);
            Assert.That(balance, LedgerIs.Within(World.Cap));
            Assert.That(world.Members.Sum(member => member.Open), Is.Zero, "calls left running");
            Assert.That(world.Time.PendingTimers, Is.Zero);
            Assert.That(GC.GetTotalMemory(forceFullCollection: true) - memory, Is.LessThan(32 << 20), "bytes kept");
        });
        TestContext.Out.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"seed {seed}: {requests} requests in {world.Time.Elapsed.TotalHours:0.0} virtual hours: {world.Answered} answered, {world.Interrupted} interrupted, {world.Refused} refused, {world.Left} left by their caller, {world.Hedged} hedged; {world.Members.Sum(m => m.Calls)} calls, ${NanoUsd.ToUsd(balance.SpentNanoUsd):0.00} of ${World.Cap:0}"));
    }

    private static int Setting(string name, int otherwise) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : otherwise;

    private sealed class World : IDisposable
    {
        public const decimal Cap = 1_000m;

        private readonly MemoryLedgerStore _store = new();
        private readonly RouterChatClient _router;
        private readonly Random _random;

        public World(int seed)
        {
            _random = new Random(seed);
            Price price = new() { InputPerMillion = 1m, OutputPerMillion = 10m };
            EnsembleRuntime runtime = new() { TimeProvider = Time, Ledger = new Ledger(_store, [new Budget("all", Cap)], Time) };
            Members = [.. Enumerable.Range(0, 4).Select(i => new CountingMember($"m{i}", Time, new Random(seed + i + 1)))];
            _router = new RouterChatClient(
                "main",
                Members.Select(member => new Member(member.Name, member.AsModel(member.Name, price, runtime))),
                new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), IdleTimeout = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(20), Hedging = new() { Quantile = 0.9 } },
                runtime);
        }

        public VirtualTime Time { get; } = new();

        public CountingMember[] Members { get; }

        public List<string> Trace { get; } = [];

        public int Answered { get; private set; }

        public int Interrupted { get; private set; }

        public int Refused { get; private set; }

        public int Hedged { get; private set; }

        public int Left { get; private set; }

        public ValueTask<LedgerBalance> BalanceAsync() => _store.GetBalanceAsync(new LedgerAccount("all", "", 0, 0), default);

        public void Dispose() => _router.Dispose();

        public void Between()
        {
            Time.Advance(TimeSpan.FromSeconds(_random.Next(1, 10)));
            if (_random.Next(20) == 0)
            {
                Time.JumpWallClock(TimeSpan.FromHours(_random.Next(-5, 6)));
            }
        }

        public async Task RequestAsync(int index)
        {
            bool streaming = index % 2 == 0;
            bool leaves = _random.Next(20) == 0;
            using CancellationTokenSource caller = new(leaves ? TimeSpan.FromMilliseconds(_random.Next(1, 3000)) : Timeout.InfiniteTimeSpan, Time);
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

                Hedged += receipt!.Notes.Any(static note => note.StartsWith("hedged", StringComparison.Ordinal)) ? 1 : 0;

                Answered++;
                Check(seen.Length == Pieces * CountingMember.PieceLength && IsPrefix(seen, index), index, $"answered '{seen}'");
            }
            catch (StreamInterruptedException error)
            {
                Interrupted++;
                Check(streaming && seen.Length > 0 && IsPrefix(seen, index) && error.Partial!.Text == seen, index, $"interrupted after '{seen}'");
            }
            catch (OperationCanceledException)
            {
                Left++;
                callsWhenLeft = Members.Sum(member => member.CallsOf(index));
                Check(caller.IsCancellationRequested && IsPrefix(seen, index), index, $"cancelled after '{seen}'");
            }
            catch (EnsembleException)
            {
                Refused++;
                Check(seen.Length == 0, index, $"refused after '{seen}'");
            }

            if (callsWhenLeft >= 0)
            {
                await Task.Delay(TimeSpan.FromSeconds(3), Time).ConfigureAwait(false);
                Check(Members.Sum(member => member.CallsOf(index)) == callsWhenLeft, index, "a member was called after the caller left");
            }

            foreach (CountingMember member in Members)
            {
                member.Forget(index);
            }
        }

        // What the caller sees is always the beginning of exactly one member's answer to this very request.
        private bool IsPrefix(string seen, int index) =>
            seen.Length == 0 || Members.Any(member => member.Whole(index).StartsWith(seen, StringComparison.Ordinal));

        private void Check(bool holds, int index, string what)
        {
            if (!holds)
            {
                Trace.Add($"{Time.Elapsed}: request {index}: {what}");
            }
        }
    }

    /// <summary>A deployment that changes between good and bad times, and then fails in every way that fails in the field.</summary>
    private sealed class CountingMember(string name, VirtualTime time, Random random) : DelegatingChatClient(new ScriptedMember(name, time))
    {
        public const int PieceLength = 12;

        private static readonly MemberTraits Traits = new() { ReportsFinishReason = true };

        private readonly Dictionary<int, int> _calls = [];
        private double _badness;
        private long _epoch = -1;

        public string Name => name;

        public int Calls { get; private set; }

        public int Open { get; private set; }

        public int CallsOf(int index) => _calls.GetValueOrDefault(index);

        public void Forget(int index) => _calls.Remove(index);

        public string Whole(int index) => string.Concat(Enumerable.Range(0, Pieces).Select(piece => Piece(index, piece)));

        public override object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? Traits : null;

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            using ScriptedMember one = Begin(messages);
            try
            {
                return await one.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
            }
            finally
            {
                Open--;
            }
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            using ScriptedMember one = Begin(messages);
            try
            {
                await foreach (ChatResponseUpdate update in one.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
                {
                    yield return update;
                }
            }
            finally
            {
                Open--;
            }
        }

        private ScriptedMember Begin(IEnumerable<ChatMessage> messages)
        {
            int index = int.Parse(messages.Last().Text.AsSpan("request ".Length), NumberStyles.None, CultureInfo.InvariantCulture);
            Calls++;
            Open++;
            _calls[index] = _calls.GetValueOrDefault(index) + 1;
            return new ScriptedMember(name, time).Always(Script(index));
        }

        private AnswerScript Script(int index)
        {
            long epoch = time.Elapsed.Ticks / Epoch.Ticks;
            if (epoch != _epoch)
            {
                // Mostly well, sometimes browned out, sometimes dead for the whole epoch.
                (_epoch, _badness) = (epoch, random.Next(10) switch { < 6 => 0.02, < 9 => 0.4, _ => 1 });
            }

            AnswerScript good = AnswerScript.Text([.. Enumerable.Range(0, Pieces).Select(piece => Piece(index, piece))])
                .ReportingUsage(10, 8).After(TimeSpan.FromMilliseconds(random.Next(10, 500))).Every(TimeSpan.FromMilliseconds(random.Next(0, 100)));
            if (random.NextDouble() >= _badness)
            {
                return good;
            }

            int after = random.Next(0, Pieces + 1);
            return random.Next(14) switch
            {
                0 => good.FailAfter(after),
                1 => good.CutAfter(after),
                2 => good.ErrorContentAfter(after),
                3 => good.MalformedAfter(after),
                4 => good.HangAfter(after),
                5 => good.StallAfter(after, TimeSpan.FromSeconds(random.Next(1, 5))),
                6 => good.WithoutFinishReason(),
                7 => good.RepeatingFinalUpdate(),
                8 => AnswerScript.RateLimited(TimeSpan.FromSeconds(random.Next(1, 20)), RetryAfterDialect.Seconds),
                9 => AnswerScript.Http(random.Next(2) == 0 ? 500 : 503),
                10 => AnswerScript.Http(401),
                11 => AnswerScript.Empty(),
                12 => AnswerScript.Nothing(),
                _ => good.RoleFirst().FailAfter(0),
            };
        }

        private string Piece(int index, int piece) => string.Create(CultureInfo.InvariantCulture, $"{name}:{index:0000000}:{piece}");
    }
}
