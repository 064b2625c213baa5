using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>Counts each line of a text, or a field of the JSON object that each line is.</summary>
internal static class LineCounts
{
    /// <summary>Counts the lines; prints one number a line unless JSON is written.</summary>
    /// <returns>The sum of the lines, line ends not counted.</returns>
    public static async Task<TextCount> WriteAsync(Terminal terminal, CountRequest request, TextReader reader, CancellationToken cancellationToken)
    {
        TextCount sum = new();
        for (long number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            string text = request.JsonField is null ? line : FieldOf(line, request.JsonField, number);
            long tokens = request.Encoding.Count(text);
            sum = sum with
            {
                Tokens = sum.Tokens + tokens,
                Characters = sum.Characters + text.Count(unit => !char.IsLowSurrogate(unit)),
                Bytes = sum.Bytes + Encoding.UTF8.GetByteCount(text),
            };
            if (!request.Json)
            {
                terminal.Out.WriteLine(tokens.ToString(CultureInfo.InvariantCulture));
            }
        }

        return sum;
    }

    private static string FieldOf(string line, string field, long number)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"Line {number} is blank. Each line must be a JSON object: remove it. Plain lines are counted with --lines."));
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new CliException(string.Create(CultureInfo.InvariantCulture, $"Line {number} has no string '{field}'. Name a field that every line has: --jsonl FIELD"));
        }
        catch (JsonException error)
        {
            throw new CliException(string.Create(CultureInfo.InvariantCulture, $"Line {number} is not JSON: {error.Message} Plain lines are counted with --lines."));
        }
    }
}
