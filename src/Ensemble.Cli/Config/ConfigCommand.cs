using System.CommandLine;
using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.Options;

namespace Ensemble.Cli;

/// <summary><c>config</c>: checks a configuration, and writes the schema that editors complete it by.</summary>
internal static class ConfigCommand
{
    /// <summary>Makes the verb.</summary>
    public static Command Create(CliContext context)
    {
        ExampleCommand command = new("config", "Checks a configuration, and writes its JSON schema.")
        {
            Examples =
            [
                new("ensemble config check --config appsettings.json", "every mistake with its path and the fix; nothing is loaded"),
                new("ensemble config schema", "the schema, for editors that do not find the package's own"),
            ],
            Epilogue = "check ends with 0 when the configuration is right, with 3 when it is not.",
        };
        command.Subcommands.Add(CreateCheck(context));
        command.Subcommands.Add(CreateSchema(context));
        return command;
    }

    private static ExampleCommand CreateCheck(CliContext context)
    {
        Option<string?> config = CommonOptions.Config();
        Option<bool> json = CommonOptions.Json();
        ExampleCommand command = new("check", "Lists every mistake of a configuration with its path, its value and the fix. Loads nothing and asks nobody.")
        {
            Examples = [new("ensemble config check --config appsettings.json --json", "for a build")],
        };
        command.Add(config);
        command.Add(json);
        command.SetAction(async (parsed, _) =>
        {
            ConfigOutput output = await CheckAsync(context, parsed.GetValue(config));
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.ConfigOutput));
            }
            else if (output.Valid)
            {
                context.Terminal.Out.WriteLine($"The configuration is right: {Count(output.Models, "model")}, {Count(output.Compositions, "composition")}.");
                foreach (string remark in output.Remarks)
                {
                    context.Terminal.Hint(remark);
                }
            }
            else
            {
                foreach (string problem in output.Problems)
                {
                    context.Terminal.Out.WriteLine(problem);
                }
            }

            return output.Valid ? ExitCode.Ok : ExitCode.Negative;
        });
        return command;
    }

    private static ExampleCommand CreateSchema(CliContext context)
    {
        ExampleCommand command = new("schema", "Writes the JSON schema of the section \"Ensemble\".") { Examples = [new("ensemble config schema", "on standard output")] };
        command.SetAction(_ =>
        {
            context.Terminal.Out.Write(ConfigurationSchema.Write());
            return ExitCode.Ok;
        });
        return command;
    }

    private static string Count(int number, string what) => string.Create(CultureInfo.InvariantCulture, $"{number} {what}{(number == 1 ? "" : "s")}");

    private static async Task<ConfigOutput> CheckAsync(CliContext context, string? config)
    {
        try
        {
            await using EnsembleSession session = EnsembleSession.Open(context, config);
            return Check(session);
        }
        catch (UnreadableConfigurationException unreadable)
        {
            return new ConfigOutput { Problems = [unreadable.Message] };
        }
    }

    private static ConfigOutput Check(EnsembleSession session)
    {
        try
        {
            ConfigOutput output = new() { Models = session.Clients.Models.Count, Compositions = session.Clients.Compositions.Count, Remarks = session.Remarks };
            return output is { Models: 0, Compositions: 0 } ? output with { Problems = ["Ensemble: there is no such section, or it is empty: give it \"Models\"."] } : output;
        }
        catch (OptionsValidationException invalid)
        {
            return new ConfigOutput { Problems = [.. invalid.Failures] };
        }
    }
}
