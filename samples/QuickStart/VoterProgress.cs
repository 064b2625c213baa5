using QuickStart.Bagging;
using Spectre.Console;

namespace QuickStart;

/// <summary>Shows how far the voters are: a bar for a person, a line a voter in a pipe.</summary>
internal static class VoterProgress
{
    /// <summary>Runs the work and shows its progress.</summary>
    /// <param name="console">Where to show it.</param>
    /// <param name="questions">How many questions each voter gets.</param>
    /// <param name="work">The work; it reports the voter of each answered question.</param>
    public static async Task<Scores> RunAsync(IAnsiConsole console, IReadOnlyList<int> questions, Func<IProgress<int>, Task<Scores>> work)
    {
        if (!console.Profile.Capabilities.Interactive)
        {
            return await work(new Lines(console, questions));
        }

        return await console.Progress().AutoClear(true).StartAsync(async context =>
            await work(new Bar(context.AddTask("nine voters answer", maxValue: questions.Sum()))));
    }

    private sealed class Bar(ProgressTask task) : IProgress<int>
    {
        public void Report(int value) => task.Increment(1);
    }

    private sealed class Lines(IAnsiConsole console, IReadOnlyList<int> questions) : IProgress<int>
    {
        private readonly int[] _answered = new int[questions.Count];

        public void Report(int value)
        {
            if (++_answered[value] == questions[value])
            {
                console.WriteLine($"voter {value + 1} of {questions.Count} has answered {questions[value]} questions");
            }
        }
    }
}
