using System.CommandLine;
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
            await using EnsembleSession session = EnsembleSession.Open(context, parsed.GetValue(config));
            ConfigOutput output = Check(session);
            if (parsed.GetValue(json))
            {
                context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.ConfigOutput));
            }
            else if (output.Valid)
            {
                context.Terminal.Out.WriteLine($"The configuration is right: {output.Models} models, {output.Compositions} compositions.");
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

    private static ConfigOutput Check(EnsembleSession session)
    {
        try
        {
            ConfigOutput output = new() { Models = session.Clients.Models.Count, Compositions = session.Clients.Compositions.Count };
            return output is { Models: 0, Compositions: 0 } ? output with { Problems = ["Ensemble: there is no such section, or it is empty: give it \"Models\"."] } : output;
        }
        catch (OptionsValidationException invalid)
        {
            return new ConfigOutput { Problems = [.. invalid.Failures] };
        }
    }
}
