using Ensemble.Testing;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Cli.Tests.Running;

/// <summary>Runs the command in this process, its streams captured.</summary>
internal sealed class CommandLine
{
    public string? Input { get; init; }

    /// <summary>The bytes of a pipe, for the commands that read them.</summary>
    public byte[]? InputBytes { get; init; }

    /// <summary>What a person types; unlike <see cref="Input"/> it is no pipe.</summary>
    public string? Interactive { get; init; }

    public string? StoreRoot { get; init; }

    public IReadOnlyDictionary<string, string> Variables { get; init; } = new Dictionary<string, string>();

    public bool IsTerminal { get; init; }

    public bool Colours { get; init; }

    /// <summary>Answers in the place of a model; ask it with <c>--model scripted</c>.</summary>
    public ScriptedMember? Scripted { get; init; }

    /// <summary>Stands for standard output where a test needs one of its own; it is then not captured.</summary>
    public TextWriter? Output { get; init; }

    /// <summary>The ledger that is booked into; none by default.</summary>
    public string? Ledger { get; init; }

    /// <summary>Where measurements are remembered; nowhere by default.</summary>
    public string? MeasuredRoot { get; init; }

    /// <summary>Measures in the place of real runs.</summary>
    public IModelMeasurer? Measurer { get; init; }

    public CancellationToken CancellationToken { get; init; }

    public static Task<CommandResult> RunAsync(params string[] args) => new CommandLine().StartAsync(args);

    public async Task<CommandResult> StartAsync(params string[] args)
    {
        StringWriter output = new();
        StringWriter error = new();
        TerminalFeatures features = new()
        {
            InputIsRedirected = Input is not null || InputBytes is not null,
            OutputIsTerminal = IsTerminal,
            ErrorIsTerminal = IsTerminal,
            Colours = Colours,
        };
        using CliContext context = new()
        {
            Terminal = new Terminal(new StringReader(Input ?? Interactive ?? ""), Output ?? output, error, features)
            {
                OpenInput = InputBytes is { } bytes ? () => new MemoryStream(bytes) : null,
            },
            StoreRoot = StoreRoot ?? Path.Combine(Path.GetTempPath(), "ensemble-no-store"),
            GetVariable = name => Variables.GetValueOrDefault(name),
            RetryDelay = TimeSpan.Zero,
            LedgerFile = Ledger,
            MeasuredRoot = MeasuredRoot,
            Measurer = Measurer,
            AddModels = ensemble =>
            {
                if (Scripted is { } scripted)
                {
                    ensemble.AddModel("scripted", _ => scripted);
                }
            },
        };
        int exitCode = await EnsembleTool.RunAsync(args, context, CancellationToken);
        return new CommandResult(exitCode, output.ToString(), error.ToString());
    }
}
