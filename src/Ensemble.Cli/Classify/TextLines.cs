using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>Reads files of one JSON object a line.</summary>
internal static class TextLines
{
    /// <summary>Gives the name of a file in messages.</summary>
    public static string NameOf(string file) => file == QuestionReader.StandardInput ? "standard input" : file;

    /// <summary>Reads all lines; empty ones are left out.</summary>
    /// <exception cref="CliException">A line cannot be read, or has no text.</exception>
    public static IReadOnlyList<TextLine> Parse(string content, string file)
    {
        List<TextLine> lines = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in content.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            TextLine? parsed = null;
            try
            {
                parsed = JsonSerializer.Deserialize(line, ClassifyLineJson.Default.TextLine);
            }
            catch (JsonException)
            {
                throw new CliException($"{file}, line {number}: no JSON object. Write {{\"text\": \"…\", \"label\": \"…\"}} on each line.");
            }

            lines.Add(string.IsNullOrWhiteSpace(parsed?.Text)
                ? throw new CliException($"{file}, line {number}: \"text\" is missing or empty. Write {{\"text\": \"…\", \"label\": \"…\"}} on each line.")
                : parsed);
        }

        return lines;
    }

    /// <summary>Reads labelled examples.</summary>
    /// <exception cref="CliException">A line has no label.</exception>
    public static IReadOnlyList<LabeledExample> ParseExamples(string content, string file)
    {
        IReadOnlyList<TextLine> lines = Parse(content, file);
        return lines.FirstOrDefault(line => string.IsNullOrWhiteSpace(line.Label)) is { } unlabelled
            ? throw new CliException($"{file}: the example '{unlabelled.Text}' has no \"label\".")
            : [.. lines.Select(line => new LabeledExample(line.Text!, line.Label!))];
    }
}
