using Ensemble;
using Spectre.Console;

namespace QuickStart;

/// <summary>Shows how far something is: a bar for a person, a line every quarter in a pipe.</summary>
internal static class Work
{
    private const int Quarters = 4;

    /// <summary>Runs the work and shows its progress.</summary>
    /// <typeparam name="T">What the work gives.</typeparam>
    /// <param name="console">Where to show it.</param>
    /// <param name="name">What is being done.</param>
    /// <param name="work">The work.</param>
    public static async Task<T> RunAsync<T>(IAnsiConsole console, string name, Func<IProgress<BaggingProgress>, Task<T>> work) =>
        console.Profile.Capabilities.Interactive
            ? await console.Progress().AutoClear(true).StartAsync(context => work(new Bar(context.AddTask(name))))
            : await work(new Lines(console, name));

    private sealed class Bar(ProgressTask task) : IProgress<BaggingProgress>
    {
        public void Report(BaggingProgress value) => task.MaxValue(value.Total).Value(value.Done);
    }

    private sealed class Lines(IAnsiConsole console, string name) : IProgress<BaggingProgress>
    {
        public void Report(BaggingProgress value)
        {
            int quarter = value.Done * Quarters / value.Total;
            if (quarter > (value.Done - 1) * Quarters / value.Total)
            {
                console.WriteLine($"{name}: {quarter * 100 / Quarters} %");
            }
        }
    }
}
