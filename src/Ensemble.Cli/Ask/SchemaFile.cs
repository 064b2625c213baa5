using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Reads the JSON schema of an answer.</summary>
internal static class SchemaFile
{
    /// <summary>Reads a file.</summary>
    /// <exception cref="CliException">The file does not exist or is no JSON object.</exception>
    public static async Task<ChatResponseFormat> ReadAsync(string path, CancellationToken cancellationToken)
    {
        if (!File.Exists(path))
        {
            throw new CliException($"There is no file '{Path.GetFullPath(path)}'. --schema takes a file with a JSON schema.");
        }

        try
        {
            await using FileStream file = File.OpenRead(path);
            using JsonDocument schema = await JsonDocument.ParseAsync(file, cancellationToken: cancellationToken);
            return schema.RootElement.ValueKind == JsonValueKind.Object
                ? ChatResponseFormat.ForJsonSchema(schema.RootElement.Clone())
                : throw new CliException($"'{path}' is no JSON schema: it must be an object such as {{ \"type\": \"object\", … }}.");
        }
        catch (JsonException error)
        {
            throw new CliException($"'{path}' is not valid JSON: {error.Message}");
        }
    }
}
