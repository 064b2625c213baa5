using System.Globalization;
using System.Text.Json;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>
/// <c>tokens --corpus DIR [--json] [--encoding NAME] [--only TEXT] [--passes N] [--first N] [--encode] [--ours]</c>: how fast texts are counted, on text never seen and on text seen
/// before, beside Microsoft.ML.Tokenizers unless <c>--ours</c>; with <c>--encode</c> ids are written instead of counted.
/// </summary>
internal static class TokensCommand
{
    private static readonly string[] EncodingNames = ["o200k_base", "cl100k_base"];

    public static int Run(string[] args)
    {
        if (Option(args, "--corpus") is not { } folder || !Directory.Exists(folder))
        {
            Console.Error.WriteLine("tokens --corpus DIR [--json] [--encoding o200k_base|cl100k_base] [--only NAME] [--passes N] [--first N] [--encode] [--ours]: DIR must exist.");
            return 2;
        }

        int passes = int.Parse(Option(args, "--passes") ?? "9", CultureInfo.InvariantCulture);
        int first = int.Parse(Option(args, "--first") ?? "3", CultureInfo.InvariantCulture);
        string? only = Option(args, "--only");
        bool json = args.Contains("--json");
        bool encode = args.Contains("--encode");
        bool rival = !args.Contains("--ours");
        string[] encodings = Option(args, "--encoding") is { } name ? [name] : EncodingNames;
        CorpusFile[] files = [.. CorpusFile.ReadAll(folder).Where(file => only is null || file.Name.StartsWith(only, StringComparison.Ordinal))];
        foreach (string encoding in encodings)
        {
            Measurer.WarmUp(() => encode ? TokenCounters.OursEncoding(encoding) : TokenCounters.Ours(encoding));
            foreach (CorpusFile file in files)
            {
                Print(Measurer.Measure(file, encoding, "Ensemble", "UTF-8", first, passes, () => encode ? TokenCounters.OursEncodingUtf8(encoding) : TokenCounters.OursUtf8(encoding)), json);
                Print(Measurer.Measure(file, encoding, "Ensemble", "UTF-16", first, passes, () => encode ? TokenCounters.OursEncoding(encoding) : TokenCounters.Ours(encoding)), json);
                if (rival)
                {
                    Print(MeasureRival(file, encoding, first, passes), json);
                }
            }
        }

        return 0;
    }

    private static TokenMeasurement? MeasureRival(CorpusFile file, string encoding, int first, int passes)
    {
        // Microsoft.ML.Tokenizers 2.0.1 is quadratic in the length of a piece: minutes on some texts.
        return Measurer.LongestRun(file.Utf16) > 20_000
            ? null
            : Measurer.Measure(file, encoding, "Microsoft.ML.Tokenizers", "UTF-16", Math.Min(first, 2), Math.Min(passes, 5), () => TokenCounters.Rival(encoding));
    }

    private static void Print(TokenMeasurement? m, bool json)
    {
        if (m is null)
        {
            return;
        }

        Console.WriteLine(json
            ? JsonSerializer.Serialize(m, TokenMeasurementJson.Default.TokenMeasurement)
            : string.Create(
                CultureInfo.InvariantCulture,
                $"{m.File,-20} {m.Encoding,-12} {m.Counter,-24} {m.Input,-7} {m.Tokens,9} tokens  first {m.FirstPass,7:F1}  warm best {m.WarmBest,7:F1}  median {m.WarmMedian,7:F1} MB/s  allocated {m.FirstPassAllocated}, {m.WarmAllocated} B"));
    }

    private static string? Option(string[] args, string name)
    {
        int at = Array.IndexOf(args, name);
        return at >= 0 && at + 1 < args.Length ? args[at + 1] : null;
    }
}
