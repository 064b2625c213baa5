using System.Globalization;
using Ensemble.Onnx;
using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>Shows a report to a person. Each finding begins with the word <c>ok</c>, <c>note</c>, <c>wrong</c> or <c>missing</c>, so that it reads without colours.</summary>
internal static class DoctorText
{
    /// <summary>Writes the report.</summary>
    public static void Write(IAnsiConsole console, DoctorReport report)
    {
        WriteMachine(console, report.Machine);
        WriteConfiguration(console, report.Configuration);
        foreach (ModelFacts model in report.Models)
        {
            WriteModel(console, model);
        }

        console.WriteLine();
        console.MarkupLine(report.Ready ? "[green]Everything is ready.[/]" : "[red]Something is wrong or missing: see above.[/]");
    }

    private static void WriteMachine(IAnsiConsole console, MachineFacts machine)
    {
        Heading(console, "machine");
        Ok(console, $"ensemble {machine.Ensemble} on {machine.DotNet}, {machine.System}, {machine.Architecture}");
        Ok(console, string.Create(CultureInfo.InvariantCulture, $"{machine.Processors} processors, {machine.MemoryBytes / (1024.0 * 1024 * 1024):0.0} GB of memory, {string.Join(", ", machine.CpuFeatures)}"));
        if (machine.OnnxRuntime is { } version)
        {
            Ok(console, $"ONNX Runtime {version}, GenAI {machine.OnnxRuntimeGenAI}; execution providers: {string.Join(", ", machine.ExecutionProviders)}");
        }
        else
        {
            Missing(console, "the native ONNX Runtime: this build has no runtime for this system, so local models cannot run");
        }

        switch (machine.Telemetry)
        {
            case TelemetryState.Off:
                Ok(console, "telemetry of the runtimes is off");
                break;
            case TelemetryState.KeptOn:
                Note(console, "telemetry of the runtimes is on, as you asked");
                break;
            default:
                Note(console, "a runtime was loaded before its telemetry could be turned off: set ORT_DISABLE_TELEMETRY=1 in the environment");
                break;
        }
    }

    private static void WriteConfiguration(IAnsiConsole console, ConfigurationFacts configuration)
    {
        Heading(console, "configuration");
        foreach (string error in configuration.Errors)
        {
            Wrong(console, error);
        }

        if (configuration.Errors.Count == 0)
        {
            Ok(console, $"{configuration.Source}; default: {configuration.Default ?? "none (say --model)"}");
        }
    }

    private static void WriteModel(IAnsiConsole console, ModelFacts model)
    {
        Heading(console, $"model {model.Name} ({model.Provider} {model.Model})");
        if (model.Folder is { } folder)
        {
            Ok(console, string.Create(CultureInfo.InvariantCulture, $"{folder}: {model.Architecture}, window {model.ContextWindow} tokens"));
        }

        foreach (FileFacts file in model.Files ?? [])
        {
            string line = string.Create(CultureInfo.InvariantCulture, $"{file.Name}, {file.Bytes:N0} bytes, sha256 {file.Sha256}{(file.Matches is true ? ", as stated" : "")}");
            if (file.Matches is false)
            {
                Wrong(console, $"{line}, not as stated");
            }
            else
            {
                Ok(console, line);
            }
        }

        if (model.Capabilities is { } capabilities)
        {
            Ok(console, $"loads, runs on {model.ExecutionProvider}; {capabilities}");
        }

        if (model.Problem is { } problem)
        {
            Wrong(console, problem);
        }
        else if (model.Folder is null)
        {
            Note(console, "not checked: doctor calls nobody");
        }
    }

    private static void Heading(IAnsiConsole console, string text)
    {
        console.WriteLine();
        console.Write(new Paragraph(text + Environment.NewLine, new Style(decoration: Decoration.Bold)));
    }

    private static void Ok(IAnsiConsole console, string text) => Line(console, "ok", Color.Green, text);

    private static void Note(IAnsiConsole console, string text) => Line(console, "note", Color.Yellow, text);

    private static void Wrong(IAnsiConsole console, string text) => Line(console, "wrong", Color.Red, text);

    private static void Missing(IAnsiConsole console, string text) => Line(console, "missing", Color.Red, text);

    // Markup would take the ":key:" of a setting's path for the name of an emoji.
    private static void Line(IAnsiConsole console, string word, Color colour, string text) =>
        console.Write(new Paragraph("  ").Append(word, new Style(colour)).Append($"{new string(' ', 9 - word.Length)}{text}{Environment.NewLine}"));
}
