using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>A folder of a repository on Hugging Face or a mirror of it (the hub's public API: <c>/api/models/…</c>, <c>/resolve/…</c>).</summary>
internal static class HuggingFaceSource
{
    private const string GenAIFile = "genai_config.json";

    public static async Task<ModelPlan> PlanAsync(StoreHttp http, Uri hub, string reference, string? name, CancellationToken cancellationToken)
    {
        (string owner, string repository, string folder, string revision) = Parse(reference);
        JsonElement info = await ReadAsync(http, new Uri(hub, $"api/models/{owner}/{repository}/revision/{Uri.EscapeDataString(revision)}"), cancellationToken);

        // Every file comes from one commit, whatever is pushed meanwhile.
        string commit = info.TryGetProperty("sha", out JsonElement sha) && sha.GetString() is { Length: > 0 } found && found.All(char.IsAsciiHexDigit) ? found : revision;
        List<PlannedFile> all = await ListAsync(http, hub, $"{owner}/{repository}", commit, cancellationToken);
        PlannedFile[] files = [.. all.Where(file => IsIn(file.Name, folder)).Select(file => file with { Name = file.Name[(folder.Length == 0 ? 0 : folder.Length + 1)..] })];
        if (files.Length == 0)
        {
            throw new CliException($"'{owner}/{repository}' has no folder '{folder}'.{Folders(all)}");
        }

        if (folder.Length == 0 && files.All(file => file.Name != GenAIFile) && Folders(all) is { Length: > 0 } choices)
        {
            throw new CliException($"'{owner}/{repository}' holds several models: name one of its folders.{choices}");
        }

        return new ModelPlan
        {
            Name = StoreNames.ModelName(name, folder.Length == 0 ? repository : $"{repository}-{folder.Split('/')[^1]}"),
            Source = $"hf:{owner}/{repository}{(folder.Length == 0 ? "" : "/" + folder)}@{commit}",
            License = License(info),
            Files = files,
        };
    }

    private static (string Owner, string Repository, string Folder, string Revision) Parse(string reference)
    {
        string[] at = reference.Split('@', 2);
        string[] parts = at[0].Split('/', StringSplitOptions.RemoveEmptyEntries);
        bool isValid = parts.Length >= 2 && parts.All(part => part.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_') && part is not ("." or ".."))
            && (at.Length == 1 || (at[1].Length > 0 && !at[1].Any(letter => char.IsControl(letter) || char.IsWhiteSpace(letter))));
        return isValid
            ? (parts[0], parts[1], string.Join('/', parts[2..]), at.Length == 1 ? "main" : at[1])
            : throw new CliException($"'hf:{reference}' is no reference: hf:owner/name, hf:owner/name/folder or hf:owner/name/folder@revision.");
    }

    private static async Task<List<PlannedFile>> ListAsync(StoreHttp http, Uri hub, string repository, string commit, CancellationToken cancellationToken)
    {
        List<PlannedFile> files = [];
        Uri? page = new(hub, $"api/models/{repository}/tree/{Uri.EscapeDataString(commit)}?recursive=true");
        while (page is not null)
        {
            (string text, var headers) = await http.ReadTextAsync(page, cancellationToken);
            foreach (JsonElement entry in Parse(text, page).EnumerateArray().Where(entry => Text(entry, "type") == "file"))
            {
                string path = StoreNames.FileName(Text(entry, "path") ?? "");
                bool isLarge = entry.TryGetProperty("lfs", out JsonElement large) && large.ValueKind == JsonValueKind.Object;
                string location = new Uri(hub, $"{repository}/resolve/{Uri.EscapeDataString(commit)}/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}").AbsoluteUri;
                long? bytes = (isLarge ? large : entry).TryGetProperty("size", out JsonElement size) && size.TryGetInt64(out long length) && length >= 0 ? length : null;
                files.Add(new PlannedFile(path, bytes, isLarge ? Text(large, "oid")?.Replace("sha256:", "", StringComparison.Ordinal) : null, isLarge ? null : Text(entry, "oid"), location));
            }

            page = Next(page, headers.TryGetValues("Link", out IEnumerable<string>? links) ? string.Join(',', links) : "");
        }

        return files;
    }

    // RFC 8288: <address>; rel="next".
    private static Uri? Next(Uri page, string link)
    {
        int start = link.IndexOf('<', StringComparison.Ordinal);
        int end = link.IndexOf('>', StringComparison.Ordinal);
        return start >= 0 && end > start && link[end..].Contains("rel=\"next\"", StringComparison.Ordinal) ? new Uri(page, link[(start + 1)..end]) : null;
    }

    private static bool IsIn(string path, string folder) =>
        Path.GetFileName(path) != ".gitattributes" && (folder.Length == 0 || path.StartsWith(folder + "/", StringComparison.Ordinal));

    private static string Folders(List<PlannedFile> files)
    {
        string[] folders = [.. files.Where(file => Path.GetFileName(file.Name) == GenAIFile).Select(file => Path.GetDirectoryName(file.Name)!.Replace('\\', '/')).Where(folder => folder.Length > 0).Order(StringComparer.Ordinal)];
        return folders.Length == 0 ? "" : $" There are: {string.Join(", ", folders)}.";
    }

    private static string? License(JsonElement info) =>
        info.TryGetProperty("cardData", out JsonElement card) && card.ValueKind == JsonValueKind.Object && Text(card, "license") is { } license
            ? (Text(card, "license_name") is { } named ? $"{license} ({named})" : license)
            : info.TryGetProperty("tags", out JsonElement tags) && tags.ValueKind == JsonValueKind.Array
                ? tags.EnumerateArray().Select(tag => tag.ValueKind == JsonValueKind.String ? tag.GetString()! : "").FirstOrDefault(tag => tag.StartsWith("license:", StringComparison.Ordinal))?["license:".Length..]
                : null;

    private static string? Text(JsonElement element, string property) =>
        element.TryGetProperty(property, out JsonElement value) && value.ValueKind == JsonValueKind.String ? value.GetString() : null;

    private static async Task<JsonElement> ReadAsync(StoreHttp http, Uri address, CancellationToken cancellationToken) => Parse((await http.ReadTextAsync(address, cancellationToken)).Text, address);

    private static JsonElement Parse(string text, Uri address)
    {
        try
        {
            return JsonElement.Parse(text);
        }
        catch (JsonException error)
        {
            throw new CliException($"'{StoreHttp.Describe(address)}' answered what is no JSON: {error.Message} Check the mirror's address.", ExitCode.Failed);
        }
    }
}
