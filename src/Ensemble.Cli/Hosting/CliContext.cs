using System.Text;
using Microsoft.Extensions.Configuration;

namespace Ensemble.Cli;

/// <summary>Everything that a command may touch of the world; a test hands in its own.</summary>
internal sealed class CliContext : IDisposable
{
    /// <summary>Gets where the command reads and writes.</summary>
    public required Terminal Terminal { get; init; }

    /// <summary>Gets what adds the environment's settings (<c>Ensemble__…</c>) to the configuration.</summary>
    public Action<IConfigurationBuilder> AddEnvironment { get; init; } = static _ => { };

    /// <summary>Gets what registers further kinds of models beside the local ones.</summary>
    public Action<IEnsembleBuilder> AddModels { get; init; } = static _ => { };

    /// <summary>Gets what reads an environment variable.</summary>
    public Func<string, string?> GetVariable { get; init; } = static _ => null;

    /// <summary>Gets the folder of the model store.</summary>
    public string StoreRoot { get; init; } = Ensemble.Onnx.LocalModelStore.Root;

    /// <summary>Gets the folder of what was measured on this device; <see langword="null"/> when nothing is remembered.</summary>
    public string? MeasuredRoot { get; init; }

    /// <summary>Gets what measures a local model; <see langword="null"/> runs it.</summary>
    public IModelMeasurer? Measurer { get; init; }

    /// <summary>Gets how long a broken download waits before it goes on, times the number of the attempt.</summary>
    public TimeSpan RetryDelay { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Gets the file that usage is booked into; <see langword="null"/> for none.</summary>
    public string? LedgerFile { get; init; }

    /// <summary>Gets the clock.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Gets whether Ctrl-C and termination signals of the process stop the command.</summary>
    public bool HandlesSignals { get; init; }

    /// <summary>Makes the context of this process.</summary>
    public static CliContext ForProcess()
    {
        // A pipe carries the same bytes on every system, and no byte order mark in front of them.
        UTF8Encoding utf8 = new(encoderShouldEmitUTF8Identifier: false);
        StreamWriter output = new(StandardOutput.Open(), utf8) { AutoFlush = true };
        StreamWriter error = new(Console.OpenStandardError(), utf8) { AutoFlush = true };
        StreamReader input = new(Console.OpenStandardInput(), utf8);
        if (!Console.IsOutputRedirected && OperatingSystem.IsWindows())
        {
            Console.OutputEncoding = utf8;
        }

        return new CliContext
        {
            Terminal = new Terminal(input, output, error, TerminalFeatures.OfProcess()) { OpenInput = Console.OpenStandardInput },
            AddEnvironment = static configuration => configuration.AddEnvironmentVariables(),
            GetVariable = Environment.GetEnvironmentVariable,
            MeasuredRoot = MeasuredModels.RootOfProcess(),
            LedgerFile = CliLedger.PathOfProcess(),
            HandlesSignals = true,
        };
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Terminal.Out.Flush();
        Terminal.Error.Flush();
    }
}
