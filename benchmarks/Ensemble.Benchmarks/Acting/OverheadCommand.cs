using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Acting;

/// <summary>
/// What does acting cost? A whole call that is routed, receipted and paid for, against calling the member; a piece of a stream; and calls of
/// 1, 8 and 64 callers. All in turns of one process, medians of the turns, beside the platform's own failover. <c>overhead --callers</c>
/// measures the callers alone, in turns as well: how many times the calls of one caller many make, beside callers that share nothing (what
/// the machine's second thread gives at the time), and how often a lock was not free.
/// </summary>
internal static class OverheadCommand
{
    private const int Turns = 15;
    private const int Calls = 20_000;
    private const int Pieces = 1_000;
    private const int Streams = 100;
    private const int Each = 200_000;

    private static readonly int[] Callers = [1, 8, 64];

    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What is the capital of South Korea?")];
    private static readonly ChatOptions Options = new() { MaxOutputTokens = 50 };

    public static async Task<int> RunAsync(string[] args)
    {
        InMemoryMember member = new(Pieces);
        EnsembleRuntime paid = new() { Ledger = new Ledger(new MemoryLedgerStore(), [new Budget("all", 1_000_000m)]) };
        Price price = new() { InputPerMillion = 1m, OutputPerMillion = 4m };
        (string Name, IChatClient Client)[] clients =
        [
            ("the member itself", member),
            ("`OrderedFailoverChatClient` of the platform", new OrderedFailoverChatClient([member, new InMemoryMember(Pieces)])),
            ("router, receipt", Router(EnsembleRuntime.Default, runtime => member, runtime => new InMemoryMember(Pieces))),
            ("router, receipt, ledger with one budget", Router(paid, runtime => member.AsModel("a", price, runtime), runtime => new InMemoryMember(Pieces).AsModel("b", price, runtime))),
        ];
        if (args is ["--callers", ..])
        {
            RunCallers(args.Length > 1 ? [.. clients.Where(client => client.Name.Contains(args[1], StringComparison.Ordinal))] : clients);
            return 0;
        }

        Console.WriteLine("| what | µs a call | bytes a call | ns a piece | bytes a piece | calls/s, 1 caller | 8 | 64 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|---:|");
        double[][] times = [.. clients.Select(_ => new double[Turns])];
        double[][] pieces = [.. clients.Select(_ => new double[Turns])];
        double[] bytes = new double[clients.Length];
        double[] pieceBytes = new double[clients.Length];
        for (int turn = -5; turn < Turns; turn++)
        {
            for (int i = 0; i < clients.Length; i++)
            {
                (double time, double allocated) = await MeasureAsync(Calls, () => CallAsync(clients[i].Client, Calls)).ConfigureAwait(false);
                (double pieceTime, double pieceAllocated) = await MeasureAsync(Streams * Pieces, () => StreamAsync(clients[i].Client)).ConfigureAwait(false);
                if (turn >= 0)
                {
                    (times[i][turn], pieces[i][turn], bytes[i], pieceBytes[i]) = (time, pieceTime, allocated, pieceAllocated);
                }
            }
        }

        for (int i = 0; i < clients.Length; i++)
        {
            IChatClient client = clients[i].Client;
            string rates = string.Join(" | ", Callers.Select(callers => Rate(client, callers).ToString("#,0", CultureInfo.InvariantCulture)));
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {clients[i].Name} | {Median(times[i]) / 1000:0.00} | {bytes[i]:#,0} | {Median(pieces[i]):0} | {pieceBytes[i]:0.0} | {rates} |"));
        }

        return 0;
    }

    private static RouterChatClient Router(EnsembleRuntime runtime, params Func<EnsembleRuntime, IChatClient>[] members) =>
        new("main", members.Select((make, i) => new Member(((char)('a' + i)).ToString(), make(runtime))), options: null, runtime);

    private static async Task<(double Nanoseconds, double Bytes)> MeasureAsync(int operations, Func<Task> work)
    {
        long allocated = GC.GetTotalAllocatedBytes(precise: true);
        long start = TimeProvider.System.GetTimestamp();
        await work().ConfigureAwait(false);
        TimeSpan elapsed = TimeProvider.System.GetElapsedTime(start);
        return (elapsed.TotalNanoseconds / operations, (GC.GetTotalAllocatedBytes(precise: true) - allocated) / (double)operations);
    }

    private static async Task CallAsync(IChatClient client, int calls)
    {
        for (int i = 0; i < calls; i++)
        {
            _ = await client.GetResponseAsync(Question, Options).ConfigureAwait(false);
        }
    }

    private static async Task StreamAsync(IChatClient client)
    {
        for (int i = 0; i < Streams; i++)
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(Question, Options).ConfigureAwait(false))
            {
                _ = update;
            }
        }
    }

    private static void RunCallers((string Name, IChatClient Client)[] clients)
    {
        Console.WriteLine("| what | calls/s, 1 caller | 8 | 64 | 8 by 1 | 64 by 1 | locks not free, of 1,000 calls of 64 |");
        Console.WriteLine("|---|---:|---:|---:|---:|---:|---:|");
        (string Name, Func<IChatClient> Of)[] contenders =
        [
            ("callers that share nothing: each its own router, receipt", () => Router(new EnsembleRuntime(), _ => new InMemoryMember(Pieces), _ => new InMemoryMember(Pieces))),
            .. clients.Select(client => (client.Name, (Func<IChatClient>)(() => client.Client))),
        ];
        double[][][] rates = [.. contenders.Select(_ => Callers.Select(_ => new double[Turns]).ToArray())];
        double[] waits = new double[contenders.Length];
        for (int turn = -3; turn < Turns; turn++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                for (int j = 0; j < Callers.Length; j++)
                {
                    long contended = Monitor.LockContentionCount;
                    double rate = RateOnce(contenders[i].Of, Callers[j]);
                    if (turn >= 0)
                    {
                        rates[i][j][turn] = rate;
                        waits[i] = j < Callers.Length - 1 ? waits[i] : waits[i] + ((Monitor.LockContentionCount - contended) * 1000.0 / Each / Turns);
                    }
                }
            }
        }

        for (int i = 0; i < contenders.Length; i++)
        {
            double[] medians = [.. rates[i].Select(Median)];
            double Grows(int many) => Median([.. rates[i][many].Zip(rates[i][0], (own, one) => own / one)]);
            Console.WriteLine(string.Create(
                CultureInfo.InvariantCulture,
                $"| {contenders[i].Name} | {medians[0]:#,0} | {medians[1]:#,0} | {medians[2]:#,0} | {Grows(1):0.00} | {Grows(2):0.00} | {waits[i]:0.0} |"));
        }
    }

    private static double Rate(IChatClient client, int callers)
    {
        double best = 0;
        for (int turn = 0; turn < 3; turn++)
        {
            best = Math.Max(best, RateOnce(() => client, callers));
        }

        return best;
    }

    private static double RateOnce(Func<IChatClient> client, int callers)
    {
        long start = TimeProvider.System.GetTimestamp();
        Task.WaitAll([.. Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(client(), Each / callers)))]);
        return Each / TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
