using Spectre.Console;

namespace Ensemble.Cli;

/// <summary>
/// Where a command reads and writes: results to <see cref="Out"/>, everything a person reads beside them to <see cref="Error"/>, so
/// that a pipe carries results only.
/// </summary>
internal sealed class Terminal
{
    // Nobody's window: lines in a pipe are never broken, so that they can be searched.
    private const int PipeWidth = 4096;

    /// <summary>Creates a terminal over the given streams.</summary>
    /// <param name="input">Standard input.</param>
    /// <param name="output">Standard output.</param>
    /// <param name="error">Standard error.</param>
    /// <param name="features">What a person would see there.</param>
    public Terminal(TextReader input, TextWriter output, TextWriter error, TerminalFeatures features)
    {
        In = input;
        Out = output;
        Error = error;
        Features = features;
        RichOut = CreateConsole(output, features.OutputIsTerminal, features.Colours);
        RichError = CreateConsole(error, features.ErrorIsTerminal, features.Colours);
    }

    /// <summary>Gets standard input.</summary>
    public TextReader In { get; }

    /// <summary>Gets what opens standard input as bytes, for those to whom a byte order mark or an invalid byte matters; nothing when there are only characters.</summary>
    public Func<Stream>? OpenInput { get; init; }

    /// <summary>Gets standard output: results.</summary>
    public TextWriter Out { get; }

    /// <summary>Gets standard error: progress, remarks, errors.</summary>
    public TextWriter Error { get; }

    /// <summary>Gets what a person would see.</summary>
    public TerminalFeatures Features { get; }

    /// <summary>Gets standard output for tables.</summary>
    public IAnsiConsole RichOut { get; }

    /// <summary>Gets standard error for coloured lines.</summary>
    public IAnsiConsole RichError { get; }

    // Markup would take the ":key:" of "Ensemble:Models:key:Provider" for the name of an emoji.

    /// <summary>Prints an error.</summary>
    /// <param name="message">What is wrong and the fix.</param>
    public void Fail(string message) => RichError.Write(new Paragraph("error:", new Style(Color.Red)).Append($" {message}{Environment.NewLine}"));

    /// <summary>Prints a remark beside the result.</summary>
    /// <param name="message">The remark.</param>
    public void Hint(string message) => RichError.Write(new Paragraph(message + Environment.NewLine, new Style(Color.Grey)));

    private static IAnsiConsole CreateConsole(TextWriter writer, bool isTerminal, bool colours)
    {
        IAnsiConsole console = AnsiConsole.Create(new AnsiConsoleSettings
        {
            Out = new AnsiConsoleOutput(writer),
            Ansi = isTerminal && colours ? AnsiSupport.Detect : AnsiSupport.No,
            ColorSystem = isTerminal && colours ? ColorSystemSupport.Detect : ColorSystemSupport.NoColors,
            Interactive = isTerminal ? InteractionSupport.Detect : InteractionSupport.No,
        });
        if (!isTerminal)
        {
            console.Profile.Width = PipeWidth;
        }

        return console;
    }
}
