using System.ClientModel;
using System.ClientModel.Primitives;
using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using OpenAI;

namespace Ensemble.Benchmarks.Hosted;

/// <summary>
/// What a routed hosted call adds to the bare SDK, against an OpenAI-compatible server on loopback that streams 100 pieces:
/// <c>hosted --url http://127.0.0.1:9100 [--calls 2000] [--rounds 7]</c>. The contenders take turns in short blocks, so that a busy
/// machine disturbs all alike; the bare SDK is the baseline.
/// </summary>
internal static class HostedOverhead
{
    private const string Model = "mock";
    private const int MaxWarmUps = 60;

    public static async Task<int> RunAsync(string[] args)
    {
        if (Value(args, "--url") is not { } url)
        {
            await Console.Error.WriteLineAsync("hosted needs --url ADDRESS of an OpenAI-compatible server on this machine.");
            return 2;
        }

        int calls = int.Parse(Value(args, "--calls") ?? "400", CultureInfo.InvariantCulture);
        int rounds = int.Parse(Value(args, "--rounds") ?? "40", CultureInfo.InvariantCulture);
        OpenAI.Chat.ChatClient sdk = new OpenAIClient(
            new ApiKeyCredential("k"), new OpenAIClientOptions { Endpoint = new Uri(url), RetryPolicy = new ClientRetryPolicy(0) }).GetChatClient(Model);
        ServiceCollection services = new();
        IEnsembleBuilder ensemble = services.AddEnsemble().AddProviders();
        foreach (string name in new[] { "a", "b", "c" })
        {
            ensemble.AddModel(name, model => model.OpenAICompatible(new Uri(url), Model));
        }

        ensemble.AddRouter("router", "a, b, c");
        await using ServiceProvider provider = services.BuildServiceProvider();
        IChatClient named = provider.GetRequiredKeyedService<IChatClient>("a");
        Contender[] contenders =
        [
            new BareSdk(sdk),
            new Client("the platform's adapter", sdk.AsIChatClient()),
            .. args.Contains("--layers") ? [new Client("the leaf alone", named.GetService<HostedChatClient>()!)] : Array.Empty<Contender>(),
            new Client("hosted model", named),
            new Client("router of three", provider.GetRequiredKeyedService<IChatClient>("router")),
        ];
        if (Value(args, "--only") is { } only)
        {
            contenders = [.. contenders.Where(contender => contender.Name.Contains(only, StringComparison.Ordinal))];
        }

        Console.WriteLine("| mode | callers | | p50 µs | added p50 µs | p99 µs | CPU µs a call | × bare | bytes a call |");
        Console.WriteLine("|---|---|---|---|---|---|---|---|---|");
        foreach (bool streaming in Value(args, "--mode") switch { "whole" => new[] { false }, "stream" => [true], _ => [false, true] })
        {
            foreach (int callers in Value(args, "--callers") is { } number ? [int.Parse(number, CultureInfo.InvariantCulture)] : new[] { 1, 32 })
            {
                await MeasureAsync(contenders, streaming, callers, streaming ? calls / 4 : calls, rounds);
            }
        }

        return 0;
    }

    private static async Task MeasureAsync(Contender[] contenders, bool streaming, int callers, int calls, int rounds)
    {
        Sample[] samples = [.. contenders.Select(_ => new Sample())];

        // Until the compiler has settled: its work would be booked on whoever brings more methods.
        for (int round = 0, still = 0; round < MaxWarmUps && still < 2; round++)
        {
            long compiled = JitInfo.GetCompiledMethodCount();
            foreach (Contender contender in contenders)
            {
                await BlockAsync(contender, streaming, callers, calls, new Sample());
            }

            still = JitInfo.GetCompiledMethodCount() - compiled < 3 * contenders.Length ? still + 1 : 0;
        }

        for (int round = 0; round < rounds; round++)
        {
            for (int i = 0; i < contenders.Length; i++)
            {
                await BlockAsync(contenders[(i + round) % contenders.Length], streaming, callers, calls, samples[(i + round) % contenders.Length]);
            }
        }

        for (int i = 0; i < contenders.Length; i++)
        {
            Sample sample = samples[i];
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $"| {(streaming ? "100 pieces" : "whole")} | {callers} | {contenders[i].Name} | {sample.Percentile(0.5):0.0} | {sample.AddedTo(samples[0]):0.0} | {sample.Percentile(0.99):0} | {sample.CpuPerCall:0.0} | {sample.CpuTimes(samples[0]):0.000} | {sample.BytesPerCall:0} |"));
        }
    }

    private static async Task BlockAsync(Contender contender, bool streaming, int callers, int calls, Sample sample)
    {
        long[] ticks = new long[calls];
        int next = -1;
        GC.Collect();
        long bytes = GC.GetTotalAllocatedBytes(precise: true);
        TimeSpan cpu = Environment.CpuUsage.TotalTime;
        await Task.WhenAll(Enumerable.Range(0, callers).Select(_ => Task.Run(async () =>
        {
            for (int call = Interlocked.Increment(ref next); call < calls; call = Interlocked.Increment(ref next))
            {
                long start = Stopwatch.GetTimestamp();
                await (streaming ? contender.StreamAsync() : contender.AskAsync());
                ticks[call] = Stopwatch.GetTimestamp() - start;
            }
        })));
        sample.Add(ticks, Environment.CpuUsage.TotalTime - cpu, GC.GetTotalAllocatedBytes(precise: true) - bytes);
    }

    private static string? Value(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }

    private abstract class Contender(string name)
    {
        public string Name => name;

        public abstract Task AskAsync();

        public abstract Task StreamAsync();
    }

    private sealed class BareSdk(OpenAI.Chat.ChatClient client) : Contender("bare SDK")
    {
        public override async Task AskAsync() => await client.CompleteChatAsync([new OpenAI.Chat.UserChatMessage("Hello")]);

        public override async Task StreamAsync()
        {
            await foreach (OpenAI.Chat.StreamingChatCompletionUpdate _ in client.CompleteChatStreamingAsync([new OpenAI.Chat.UserChatMessage("Hello")]))
            {
            }
        }
    }

    private sealed class Client(string name, IChatClient client) : Contender(name)
    {
        public override async Task AskAsync() => await client.GetResponseAsync("Hello");

        public override async Task StreamAsync()
        {
            await foreach (ChatResponseUpdate _ in client.GetStreamingResponseAsync("Hello"))
            {
            }
        }
    }

    private sealed class Sample
    {
        private readonly List<long> _ticks = [];
        private readonly List<double> _medians = [];
        private readonly List<double> _cpus = [];
        private long _bytes;
        private bool _sorted;

        /// <summary>Gets the median of the blocks, in microseconds.</summary>
        public double CpuPerCall => Median(_cpus);

        public double BytesPerCall => (double)_bytes / _ticks.Count;

        public void Add(long[] ticks, TimeSpan cpu, long bytes)
        {
            _ticks.AddRange(ticks);
            _medians.Add(Median([.. ticks.Select(tick => tick * 1_000_000.0 / Stopwatch.Frequency)]));
            _cpus.Add(cpu.TotalMicroseconds / ticks.Length);
            _bytes += bytes;
            _sorted = false;
        }

        /// <summary>Says what this adds to a baseline: the median over the rounds, in which both took their turn at about the same time.</summary>
        public double AddedTo(Sample baseline) => Median([.. _medians.Zip(baseline._medians, (own, bare) => own - bare)]);

        /// <summary>Says how many times the processor time of a baseline this takes: the median over the rounds.</summary>
        public double CpuTimes(Sample baseline) => Median([.. _cpus.Zip(baseline._cpus, (own, bare) => own / bare)]);

        private static double Median(List<double> values)
        {
            double[] sorted = [.. values.Order()];
            return sorted[sorted.Length / 2];
        }

        public double Percentile(double share)
        {
            if (!_sorted)
            {
                _ticks.Sort();
                _sorted = true;
            }

            return _ticks[(int)(share * (_ticks.Count - 1))] * 1_000_000.0 / Stopwatch.Frequency;
        }
    }
}
