using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble.Benchmarks.Acting;

/// <summary>
/// What does acting cost? A whole call that is routed, receipted and paid for, against calling the member; a piece of a stream; and calls of
/// 1, 8 and 64 callers. All in turns of one process, medians of the turns, beside the platform's own failover.
/// </summary>
internal static class OverheadCommand
{
    private const int Turns = 15;
    private const int Calls = 20_000;
    private const int Pieces = 1_000;
    private const int Streams = 100;

    private static readonly int[] Callers = [1, 8, 64];

    private static readonly ChatMessage[] Question = [new(ChatRole.User, "What is the capital of South Korea?")];
    private static readonly ChatOptions Options = new() { MaxOutputTokens = 50 };

    public static async Task<int> RunAsync()
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

    private static double Rate(IChatClient client, int callers)
    {
        const int Each = 200_000;
        double best = 0;
        for (int turn = 0; turn < 3; turn++)
        {
            long start = TimeProvider.System.GetTimestamp();
            Task.WaitAll([.. Enumerable.Range(0, callers).Select(_ => Task.Run(() => CallAsync(client, Each / callers)))]);
            best = Math.Max(best, Each / TimeProvider.System.GetElapsedTime(start).TotalSeconds);
        }

        return best;
    }

    private static double Median(double[] values) => values.Order().ElementAt(values.Length / 2);
}
