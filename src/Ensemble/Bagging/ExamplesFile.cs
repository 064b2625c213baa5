using System.Text.Json;

namespace Ensemble;

/// <summary>Reads the file of a classifier: labelled lines, bagging data with its own bags, or a saved fit.</summary>
internal static class ExamplesFile
{
    internal enum Shape
    {
        Lines,
        Data,
        Fit,
    }

    /// <summary>Reads the file, beside the application or else in the current folder.</summary>
    /// <exception cref="EnsembleException">There is none, or it cannot be read.</exception>
    public static string Read(string path)
    {
        string[] places = [Path.Combine(AppContext.BaseDirectory, path), Path.GetFullPath(path)];
        try
        {
            return Array.Find(places, File.Exists) is { } found ? File.ReadAllText(found)
                : throw new EnsembleException($"there is no file '{path}' beside the application or in the current folder.");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new EnsembleException($"'{path}' cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Says what the content is: data and a fit are one object, of lines each is one.</summary>
    public static Shape ShapeOf(string content)
    {
        try
        {
            using JsonDocument document = JsonDocument.Parse(content);
            return document.RootElement.ValueKind != JsonValueKind.Object ? Shape.Lines
                : document.RootElement.TryGetProperty("voters", out _) ? Shape.Fit
                : document.RootElement.TryGetProperty("bags", out _) ? Shape.Data
                : Shape.Lines;
        }
        catch (JsonException)
        {
            return Shape.Lines;
        }
    }

    /// <summary>Reads bagging data.</summary>
    /// <exception cref="EnsembleException">It cannot be read, or its parts do not fit together.</exception>
    public static BaggingData ParseData(string content)
    {
        try
        {
            return JsonSerializer.Deserialize(content, EnsembleJsonContext.Default.BaggingDocument)?.ToData() ?? throw new EnsembleException("the bagging data is null.");
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"the bagging data cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Refuses a saved fit that cannot be read, or has no voters for a language model that is named.</summary>
    /// <exception cref="EnsembleException">It is such a one.</exception>
    public static void CheckFit(string content, bool hasVoters)
    {
        try
        {
            TextClassifierDocument fit = JsonSerializer.Deserialize(content, EnsembleJsonContext.Default.TextClassifierDocument)!;
            if (hasVoters)
            {
                fit.ReadVoters(fit.Data.ToData(), model: null);
            }
        }
        catch (Exception exception) when (exception is JsonException or ArgumentException)
        {
            throw new EnsembleException($"the saved fit cannot be read: {exception.Message}", exception);
        }
    }

    /// <summary>Reads one <c>{"text": …, "label": …}</c> a line; empty lines are left out.</summary>
    /// <exception cref="EnsembleException">A line is something else.</exception>
    public static IReadOnlyList<LabeledExample> ParseLines(string content)
    {
        List<LabeledExample> examples = [];
        int number = 0;
        foreach (ReadOnlySpan<char> line in content.AsSpan().EnumerateLines())
        {
            number++;
            if (line.IsWhiteSpace())
            {
                continue;
            }

            try
            {
                examples.Add(JsonSerializer.Deserialize(line, EnsembleJsonContext.Default.LabeledExample) ?? throw new JsonException("null"));
            }
            catch (Exception exception) when (exception is JsonException or ArgumentException)
            {
                throw new EnsembleException($"line {number}: write {{\"text\": \"…\", \"label\": \"…\"}} with both filled ({exception.Message}).", exception);
            }
        }

        return examples;
    }
}
