using Ensemble.Models;
using Ensemble.Onnx;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Benchmarks.Local;

/// <summary>
/// Measures the local client against the bare loop of ONNX Runtime GenAI on the same weights, in one process, in alternating runs, and
/// prints medians as a Markdown table. The weights are loaded once and shared by both sides.
/// </summary>
internal sealed class LocalBenchmark : IDisposable
{
    private const int Runs = 9;
    private const int DecodedTokens = 64;
    private const string Question = "What is the capital of South Korea?";

    private readonly LoadedModel _model = LoadedModel.Load(ModelFolder.Open(SmolLM2.Name), default, 1L << 30);

    /// <summary>Runs every comparison and prints the table.</summary>
    public static void Run()
    {
        using LocalBenchmark benchmark = new();
        Console.WriteLine($"{Machine.Cpu()}, {Environment.ProcessorCount} processors; GenAI {LocalRuntime.Describe().GenAIVersion} on ONNX Runtime {LocalRuntime.Describe().OnnxRuntimeVersion}; medians of {Runs} alternating runs");
        Console.WriteLine();
        Console.WriteLine("| what | ours | bare GenAI | ratio |");
        Console.WriteLine("|---|---:|---:|---:|");
        benchmark.Prefill(128);
        benchmark.Prefill(1024);
        benchmark.FirstToken();
        benchmark.Decode();
        benchmark.FullVocabulary();
        benchmark.KeptPrefix();
        benchmark.Allocation();
    }

    public void Dispose() => _model.Dispose();

    private void Prefill(int length)
    {
        int[] prompt = Prompt(length);
        (double ours, double bare) = Alternate(() => Ours(prompt, 1, 0), () => Bare(prompt, 1, null));
        Row($"prefill, {length} tokens (tokens/s)", length / ours, length / bare, ours, bare);
    }

    private void FirstToken()
    {
        PromptMessage[] messages = [new(Microsoft.Extensions.AI.ChatRole.User, Question)];
        (double ours, double bare) = Alternate(
            () => Ours(_model.Prompts.EncodeChat(messages), 1, 0),
            () =>
            {
                string rendered = _model.Tokenizer.ApplyChatTemplate(null!, $$"""[{"role":"user","content":"{{Question}}"}]""", null!, true);
                using Sequences ids = _model.Tokenizer.Encode(rendered);
                Bare(ids[0].ToArray(), 1, null);
            });
        Row("time to first token, template and 39 tokens (ms)", ours * 1000, bare * 1000, ours, bare);
    }

    private void Decode()
    {
        int[] prompt = Prompt(64);
        (double ours, double bare) = Alternate(() => Ours(prompt, DecodedTokens, 0), () => Bare(prompt, DecodedTokens, null));
        (double oursFirst, double bareFirst) = Alternate(() => Ours(prompt, 1, 0), () => Bare(prompt, 1, null));
        (ours, bare) = (ours - oursFirst, bare - bareFirst);
        Row("decode, greedy (tokens/s)", (DecodedTokens - 1) / ours, (DecodedTokens - 1) / bare, ours, bare);
    }

    private void FullVocabulary()
    {
        int[] prompt = Prompt(64);
        (double ours, double bare) = Alternate(() => Ours(prompt, DecodedTokens, 1), () => Bare(prompt, DecodedTokens, 0));
        Row("sampling over the whole vocabulary, T = 1 (tokens/s, prompt of 64 included)", DecodedTokens / ours, DecodedTokens / bare, ours, bare);
    }

    private void KeptPrefix()
    {
        int[] prefix = Prompt(200);
        (string, int[])[] labels = [(" yes", _model.Prompts.EncodeText(" yes")), (" no", _model.Prompts.EncodeText(" no"))];
        int[] whole = [.. prefix, .. Prompt(16)];
        ContinuationScoring.Run(_model, whole, prefix.Length, labels, "kept", CancellationToken.None);
        (double kept, double again) = Alternate(
            () => ContinuationScoring.Run(_model, whole, prefix.Length, labels, "kept", CancellationToken.None),
            () => ContinuationScoring.Run(_model, whole, 0, labels, null, CancellationToken.None));
        Row("question of 16 tokens behind a kept prefix of 200, against the whole prompt (ms)", kept * 1000, again * 1000, kept, again);
    }

    private void Allocation()
    {
        int[] prompt = Prompt(64);
        long Measure(Action<int> run)
        {
            run(2);
            long start = GC.GetAllocatedBytesForCurrentThread();
            run(DecodedTokens);
            long many = GC.GetAllocatedBytesForCurrentThread();
            run(2);
            return (many - start - (GC.GetAllocatedBytesForCurrentThread() - many)) / (DecodedTokens - 2);
        }

        long ours = Measure(tokens => Ours(prompt, tokens, 1));
        long bare = Measure(tokens => Bare(prompt, tokens, null));
        Console.WriteLine($"| managed bytes per decoded token | {ours} | {bare} (no logits, no log-probabilities) | |");
    }

    private void Ours(int[] prompt, int tokens, float temperature)
    {
        GenerationRequest request = new()
        {
            Messages = [],
            Template = LocalTemplate.None,
            MaxOutputTokens = tokens,
            Sampling = new SamplingOptions { Temperature = temperature, Seed = 1, LogitBias = NoEnd() },

            // Another tenant each time, so that nothing is kept.
            Tenant = Guid.NewGuid().ToString(),
        };
        TextGeneration.Run(_model, request, prompt, NullSink.Instance, CancellationToken.None);
    }

    // The shortest loop in the runtime's own documentation; min_length keeps it from ending early.
    private void Bare(int[] prompt, int tokens, int? topK)
    {
        using GeneratorParams parameters = new(_model.Model);
        parameters.SetSearchOption("max_length", prompt.Length + tokens);
        parameters.SetSearchOption("min_length", prompt.Length + tokens);
        if (topK is { } k)
        {
            parameters.SetSearchOption("do_sample", true);
            parameters.SetSearchOption("temperature", 1);
            parameters.SetSearchOption("top_k", k);
            parameters.SetSearchOption("top_p", 1);
            parameters.SetSearchOption("random_seed", 1);
        }

        using Generator generator = new(_model.Model, parameters);
        using TokenizerStream stream = _model.Tokenizer.CreateStream();
        generator.AppendTokens(prompt);
        for (int count = 0; count < tokens && !generator.IsDone(); count++)
        {
            generator.GenerateNextToken();
            _ = stream.Decode(generator.GetNextTokens()[0]);
        }
    }

    private Dictionary<int, float> NoEnd() => _model.Config.EndIds.ToDictionary(id => id, _ => -1000f);

    private int[] Prompt(int length)
    {
        string text = string.Concat(Enumerable.Repeat("The town opened a new library on Monday, and hundreds of people came to borrow books. ", 80));
        return _model.Prompts.EncodeText(text)[..length];
    }

    private static (double Ours, double Bare) Alternate(Action ours, Action bare)
    {
        ours();
        bare();
        double[] oursTimes = new double[Runs];
        double[] bareTimes = new double[Runs];
        for (int run = 0; run < Runs; run++)
        {
            oursTimes[run] = Time(ours);
            bareTimes[run] = Time(bare);
        }

        return (Median(oursTimes), Median(bareTimes));
    }

    private static double Time(Action action)
    {
        long start = TimeProvider.System.GetTimestamp();
        action();
        return TimeProvider.System.GetElapsedTime(start).TotalSeconds;
    }

    private static double Median(double[] times) => times.Order().ElementAt(times.Length / 2);

    private static void Row(string what, double ours, double bare, double oursTime, double bareTime) =>
        Console.WriteLine($"| {what} | {ours:0.0} | {bare:0.0} | {bareTime / oursTime:0.00} |");

    private sealed class NullSink : IAnswerSink
    {
        public static readonly NullSink Instance = new();

        public void Add(string text, IReadOnlyList<TokenLogProbability>? tokens)
        {
        }
    }
}
