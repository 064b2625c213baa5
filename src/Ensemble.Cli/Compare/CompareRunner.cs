using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Runs <c>compare</c>.</summary>
internal static class CompareRunner
{
    /// <summary>Asks the models, shows what they say, and ends with 0 if all answered, else with 1, or with 2 if all refused the question.</summary>
    public static async Task<int> RunAsync(CliContext context, CompareRequest request, CancellationToken cancellationToken)
    {
        List<EnsembleSession> sessions = [];
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task models = Task.CompletedTask;
        try
        {
            foreach (string model in request.Models)
            {
                sessions.Add(EnsembleSession.Open(context, request.ConfigurationFile, model));

                // A name that nobody has is the user's mistake: it is said before anybody is asked and paid.
                _ = sessions[^1].ChosenName;
            }

            CompareLane[] lanes = [.. request.Models.Select(model => new CompareLane(model, context.Time))];
            Task[] runs = Start(request, sessions, lanes, stop.Token);
            models = Task.WhenAll(runs);
            await ShowAsync(context, request, lanes, runs, models, stop.Token);
            CompareResult[] failed = [.. lanes.Select(lane => lane.Result!).Where(result => result.Error is not null)];
            return failed.Length == 0 ? ExitCode.Ok
                : failed.Length == lanes.Length && failed.All(result => result.ExitCode == ExitCode.Usage) ? ExitCode.Usage
                : ExitCode.Failed;
        }
        finally
        {
            await stop.CancelAsync();
            await models.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            foreach (EnsembleSession session in sessions)
            {
                await session.DisposeAsync();
            }
        }
    }

    private static Task[] Start(CompareRequest request, List<EnsembleSession> sessions, CompareLane[] lanes, CancellationToken cancellationToken)
    {
        List<ChatMessage> messages = [new(ChatRole.User, request.Question)];
        if (request.System is { } system)
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, system));
        }

        Task[] runs = new Task[lanes.Length];
        for (int i = 0; i < lanes.Length; i++)
        {
            (int lane, Task before) = (i, request.InTurn && i > 0 ? runs[i - 1] : Task.CompletedTask);
            runs[i] = Task.Run(
                async () =>
                {
                    await before;
                    ChatOptions options = new() { MaxOutputTokens = request.MaxTokens, Temperature = request.Temperature, Seed = request.Seed };
                    await lanes[lane].RunAsync(sessions[lane].ChosenClient, messages, options, cancellationToken);
                },
                cancellationToken);
        }

        return runs;
    }

    private static async Task ShowAsync(CliContext context, CompareRequest request, CompareLane[] lanes, Task[] runs, Task models, CancellationToken cancellationToken)
    {
        Terminal terminal = context.Terminal;
        if (request.Json)
        {
            await models;
            CompareOutput output = new() { Question = request.Question, Models = [.. lanes.Select(lane => lane.Result!)] };
            terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.CompareOutput));
        }
        else if (terminal.Features.OutputIsTerminal && terminal.RichOut.Profile.Capabilities.Ansi)
        {
            await CompareColumns.ShowAsync(terminal.RichOut, lanes, models, context.Time, cancellationToken);
        }
        else
        {
            for (int i = 0; i < lanes.Length; i++)
            {
                await runs[i];
                CompareBlocks.Write(terminal.Out, lanes[i].Result!, isFirst: i == 0);
            }
        }
    }
}
