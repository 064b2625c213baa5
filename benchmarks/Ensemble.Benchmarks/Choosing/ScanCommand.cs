using System.Diagnostics;
using System.Globalization;

namespace Ensemble.Benchmarks.Choosing;

/// <summary>
/// <c>scan [--passes 150] [TEXT…]</c>: how fast the sensitive-data scan reads each text by a stopwatch, at best and by the median. The best is what the code does where
/// a machine is shared; a UTF-16 character is two bytes.
/// </summary>
internal static class ScanCommand
{
    private const int WarmUps = 50;

    /// <summary>Measures the texts that are named, or all, and prints a table.</summary>
    public static int Run(string[] args)
    {
        int passes = 150;
        if (args is ["--passes", var number, ..])
        {
            passes = int.Parse(number, CultureInfo.InvariantCulture);
            args = args[2..];
        }

        if (args.Except(ScanTexts.Names).FirstOrDefault() is { } unknown || passes < 1)
        {
            Console.Error.WriteLine($"scan [--passes 150] [TEXT…]; a text is one of {string.Join(", ", ScanTexts.Names)}.");
            return 1;
        }

        Console.WriteLine($"{Machine.Cpu()}, {Environment.ProcessorCount} processors; {passes} passes over a million characters");
        Console.WriteLine("| text | MB/s at best | MB/s, median |");
        Console.WriteLine("|---|---:|---:|");
        foreach (string name in args.Length > 0 ? args : ScanTexts.Names)
        {
            string text = ScanTexts.Make(name);
            double[] seconds = new double[passes];
            for (int pass = -WarmUps; pass < passes; pass++)
            {
                long start = Stopwatch.GetTimestamp();
                _ = SensitiveDataScanner.Scan(text);
                if (pass >= 0)
                {
                    seconds[pass] = Stopwatch.GetElapsedTime(start).TotalSeconds;
                }
            }

            Array.Sort(seconds);
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"| {name} | {Rate(text, seconds[0]):N0} | {Rate(text, seconds[passes / 2]):N0} |"));
        }

        return 0;
    }

    private static double Rate(string text, double seconds) => text.Length * sizeof(char) / seconds / 1e6;
}
