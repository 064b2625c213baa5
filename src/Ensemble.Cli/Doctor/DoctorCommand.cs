using System.CommandLine;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary><c>doctor</c>: what is ready, what is missing, and the fix.</summary>
internal static class DoctorCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("doctor", "Checks this machine, the configuration and every model: what is ready, what is missing, and the fix. Shows no secret.")
        {
            Examples =
            [
                new("ensemble doctor", "the machine and the model that the tool brings"),
                new("ensemble doctor --config appsettings.json", "an application's configuration and models"),
                new("ensemble doctor --json", "for a bug report"),
            ],
            Epilogue = "Ends with 0 when everything is ready, with 3 when something is missing.",
        };
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, cancellationToken) =>
        {
            DoctorReport report = await DoctorExamination.RunAsync(context, parsed.GetValue(config), cancellationToken);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(report, CliJson.Readable.DoctorReport));
            }
            else
            {
                DoctorText.Write(context.Terminal.RichOut, report);
            }

            return report.Ready ? ExitCode.Ok : ExitCode.Negative;
        });
        return command;
    }
}
