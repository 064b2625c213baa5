using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary><c>models measure</c>: finds the best way to run a local model on this device, once.</summary>
internal static class MeasureCommand
{
    // Providers of the runtime that run no decoder on a device of this machine.
    private static readonly string[] NoDevices = ["azure"];

    private const int BarWidth = 20;

    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Argument<string> name = new("name") { Description = "A local model: of the configuration, of the store, or its folder." };
        Option<string?> config = CommonOptions.Config();
        Option<bool> again = new("--again") { Description = "Measure even though nothing has changed." };
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("measure", "Finds the threads, spinning and execution provider with which a local model is fastest on this device, by short runs, and remembers them for every command. Measures again when the model's files, the runtime or the processor have changed.")
        {
            Examples = [new("ensemble models measure local", "the model that the tool brings"), new("ensemble models measure ./my-model --again", "a folder, even if it was measured before")],
        };
        command.Add(name);
        command.Add(config);
        command.Add(again);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            string folder = await FolderAsync(context, parsed.GetValue(config), parsed.GetRequiredValue(name));
            MeasuredModels memory = new(context.MeasuredRoot ?? throw new CliException("This user has no folder for application data, so nothing could be remembered. Set XDG_DATA_HOME (Linux), or HOME."));
            LocalRuntime runtime = LocalRuntime.Describe();
            MeasuredModel? known = memory.Find(folder);
            string? change = known?.ChangeTo(MeasuredModels.Now(folder, runtime, known.Best, known.Speed, known.Measured));
            if (known is null || change is not null || parsed.GetValue(again))
            {
                if (change is not null)
                {
                    context.Terminal.Hint($"Measured before, but {change}.");
                }

                (SessionChoice best, MeasuredSpeed speed) = await SearchAsync(context, folder, runtime, cancellationToken);
                known = MeasuredModels.Now(folder, runtime, best, speed, context.Time.GetUtcNow());
                memory.Save(known);
            }
            else
            {
                context.Terminal.Hint("Measured before, and nothing has changed since; --again measures anyway.");
            }

            context.Terminal.Out.WriteLine(parsed.GetValue(json) ? JsonSerializer.Serialize(known, CliJson.Readable.MeasuredModel) : Describe(known));
            return ExitCode.Ok;
        });
        return command;
    }

    /// <summary>Says a result in one line.</summary>
    public static string Describe(MeasuredModel model) =>
        string.Create(CultureInfo.InvariantCulture, $"{model.Best}: reads {model.Speed.Prefill:0} and writes {model.Speed.Decode:0} tokens a second, {ByteSize.Of(model.Speed.MemoryBytes)} of memory (measured {model.Measured:yyyy-MM-dd})");

    private static async Task<string> FolderAsync(CliContext context, string? config, string name)
    {
        await using EnsembleSession session = EnsembleSession.Open(context, config, name, usesMeasured: false);
        string chosen = session.ChosenName;
        ModelRegistration? model = session.Clients.Models.FirstOrDefault(model => model.Name.Equals(chosen, StringComparison.OrdinalIgnoreCase));
        return model is { Provider: "local", Model: { } folder }
            ? LocalModelInfo.Read(folder).Folder
            : throw new CliException($"'{name}' is no local model: only models that run in this process can be measured.");
    }

    private static async Task<(SessionChoice Best, MeasuredSpeed Speed)> SearchAsync(CliContext context, string folder, LocalRuntime runtime, CancellationToken cancellationToken)
    {
        Terminal terminal = context.Terminal;
        MeasureSearch search = new(context.Measurer ?? new LocalModelMeasurer(context.Time), folder, runtime.Processors, [.. runtime.ExecutionProviders.Except(NoDevices)]);
        bool isTerminal = terminal.Features.ErrorIsTerminal;
        int step = 0;
        (SessionChoice Best, MeasuredSpeed Speed) found = await search.RunAsync(
            choice =>
            {
                int full = step * BarWidth / search.Steps;
                step++;
                string line = string.Create(CultureInfo.InvariantCulture, $"{new string('█', full)}{new string('░', BarWidth - full)} {step} of {search.Steps}: {choice}");
                terminal.Error.Write(isTerminal ? $"\r{line.PadRight(70)}" : line + Environment.NewLine);
            },
            (choice, problem) => terminal.Hint($"{(isTerminal ? Environment.NewLine : "")}{choice} does not work here: {problem}"),
            cancellationToken);
        if (isTerminal)
        {
            terminal.Error.WriteLine();
        }

        return found;
    }
}
