using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>Counts each line of a text, or a field of the JSON object that each line is.</summary>
internal static class LineCounts
{
    private const char ByteOrderMark = '\uFEFF';

    /// <summary>Counts the lines; prints one number a line, or keeps them when JSON is written.</summary>
    /// <returns>The sum of the lines, line ends not counted.</returns>
    public static async Task<TextCount> WriteAsync(Terminal terminal, CountRequest request, string file, TextReader reader, CancellationToken cancellationToken)
    {
        List<long>? counts = request.Json ? [] : null;
        TextCount sum = new() { Lines = counts };
        for (long number = 1; await reader.ReadLineAsync(cancellationToken) is { } line; number++)
        {
            string text = request.JsonField is null ? line : FieldOf(number == 1 ? line.TrimStart(ByteOrderMark) : line, request.JsonField, Place(request, file, number));
            long tokens = request.Encoding.Count(text);
            sum = sum with
            {
                Tokens = sum.Tokens + tokens,
                Characters = sum.Characters + text.Count(unit => !char.IsLowSurrogate(unit)),
                Bytes = sum.Bytes + Encoding.UTF8.GetByteCount(text),
            };
            if (counts is null)
            {
                terminal.Out.WriteLine(tokens.ToString(CultureInfo.InvariantCulture));
            }
            else
            {
                counts.Add(tokens);
            }
        }

        return sum;
    }

    private static string Place(CountRequest request, string file, long number) => string.Create(
        CultureInfo.InvariantCulture, $"{(request.Files.Count > 1 ? $"'{file}', line" : "Line")} {number}");

    private static string FieldOf(string line, string field, string place)
    {
        if (string.IsNullOrWhiteSpace(line))
        {
            throw new CliException($"{place} is blank. Each line must be a JSON object: remove it. Plain lines are counted with --lines.");
        }

        try
        {
            using JsonDocument document = JsonDocument.Parse(line);
            return document.RootElement.ValueKind == JsonValueKind.Object
                && document.RootElement.TryGetProperty(field, out JsonElement value) && value.ValueKind == JsonValueKind.String
                ? value.GetString()!
                : throw new CliException($"{place} has no string '{field}'. Name a field that every line has: --jsonl FIELD");
        }
        catch (JsonException error)
        {
            throw new CliException($"{place} is not JSON: {error.Message} Plain lines are counted with --lines.");
        }
        catch (InvalidOperationException)
        {
            // The escape of half a surrogate pair.
            throw new CliException($"{place} has half a character in '{field}': a \\u escape from D800 to DFFF stands alone. Write both halves, or U+FFFD.");
        }
    }
}
