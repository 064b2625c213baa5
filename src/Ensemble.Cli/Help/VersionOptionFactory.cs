using System.CommandLine;
using System.CommandLine.Invocation;
using System.Reflection;

namespace Ensemble.Cli;

/// <summary>Makes <c>--version</c>; the platform's own would print the version of whichever program hosts the command.</summary>
internal static class VersionOptionFactory
{
    /// <summary>Gets the version of this tool.</summary>
    public static string Version { get; } =
        typeof(VersionOptionFactory).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()!.InformationalVersion;

    /// <summary>Makes the option.</summary>
    public static VersionOption Create(CliContext context) => new() { Action = new PrintVersion(context) };

    private sealed class PrintVersion(CliContext context) : SynchronousCommandLineAction
    {
        public override bool ClearsParseErrors => true;

        public override int Invoke(ParseResult parseResult)
        {
            context.Terminal.Out.WriteLine(Version);
            return ExitCode.Ok;
        }
    }
}
