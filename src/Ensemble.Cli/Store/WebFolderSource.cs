namespace Ensemble.Cli;

/// <summary>A folder on a web server whose <c>SHA256SUMS</c> lists its files.</summary>
internal static class WebFolderSource
{
    private const int HashLength = 64;

    public static async Task<ModelPlan> PlanAsync(StoreHttp http, Uri address, string? name, CancellationToken cancellationToken)
    {
        if (address.UserInfo.Length > 0)
        {
            throw new CliException("The address holds a user name or a password: leave them out.");
        }

        Uri folder = new(StoreHttp.Describe(address).TrimEnd('/') + "/");
        (string sums, _) = await http.ReadTextAsync(new Uri(folder, ModelSource.SumsFile), cancellationToken);
        List<PlannedFile> files = [];
        foreach (string line in sums.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))
        {
            string[] parts = line.Split(' ', 2);
            if (parts.Length != 2 || parts[0].Length != HashLength || !parts[0].All(char.IsAsciiHexDigit))
            {
                throw new CliException($"'{StoreHttp.Describe(folder)}{ModelSource.SumsFile}' is no list of sha256sum: '{OneLine.Of(line)}'.", ExitCode.Failed);
            }

            string file = StoreNames.FileName(parts[1].TrimStart('*', ' '));
            Uri location = new(folder, string.Join('/', file.Split('/').Select(Uri.EscapeDataString)));
            using HttpResponseMessage head = await http.SendAsync(HttpMethod.Head, location, 0, cancellationToken);
            StoreHttp.RequireSuccess(head, location);
            files.Add(new PlannedFile(file, head.Content.Headers.ContentLength, parts[0].ToLowerInvariant(), null, location.AbsoluteUri));
        }

        return new ModelPlan
        {
            Name = StoreNames.ModelName(name, folder.Segments[^1].Trim('/') is { Length: > 0 } last ? Uri.UnescapeDataString(last) : folder.Host),
            Source = StoreHttp.Describe(folder),
            Files = files,
        };
    }
}
