using System.Text;

namespace Ensemble.Cli;

/// <summary>Opens files and standard input as text, byte order marks included: they are tokens like others.</summary>
internal static class TextSource
{
    private const int Buffer = 1 << 16;

    /// <summary>Opens a file, or standard input for <c>-</c>.</summary>
    /// <exception cref="CliException">The file cannot be opened.</exception>
    public static TextReader Open(string file, Terminal terminal)
    {
        if (file == QuestionReader.StandardInput)
        {
            // As a file is read: the console's own reader drops the mark, or takes it for another encoding.
            return terminal.OpenInput is { } open ? Read(open()) : terminal.In;
        }

        if (file.Length == 0)
        {
            throw new CliException("A file name is empty. Name a file, or '-' for standard input.");
        }

        if (Directory.Exists(file))
        {
            throw new CliException($"'{file}' is a folder. Name the files in it, such as {Path.Join(file, "*.md")}");
        }

        try
        {
            return Read(File.OpenRead(file));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{file}' cannot be read: {error.Message}");
        }
    }

    private static StreamReader Read(Stream stream) => new(stream, new UTF8Encoding(false), detectEncodingFromByteOrderMarks: false, Buffer);

    /// <summary>Reads a file, or standard input for <c>-</c>, to its end.</summary>
    /// <exception cref="CliException">The file cannot be opened.</exception>
    public static async Task<string> ReadAllAsync(string file, Terminal terminal, CancellationToken cancellationToken)
    {
        TextReader reader = Open(file, terminal);
        using (Owned(reader, terminal))
        {
            return await reader.ReadToEndAsync(cancellationToken);
        }
    }

    /// <summary>What to dispose of: the terminal's own reader stays open.</summary>
    public static IDisposable? Owned(TextReader reader, Terminal terminal) => ReferenceEquals(reader, terminal.In) ? null : reader;

    /// <summary>What the arguments name: standard input when there are none.</summary>
    /// <exception cref="CliException">Nothing is named and nothing is piped in.</exception>
    public static string[] Named(string[]? files, Terminal terminal, string example) => files is { Length: > 0 }
        ? files
        : terminal.Features.InputIsRedirected ? [QuestionReader.StandardInput] : throw new CliException($"Which file? {example}");
}
