namespace Ensemble.Cli;

/// <summary>Finds out what a source of a model holds.</summary>
internal static class ModelSource
{
    /// <summary>The list of a web folder's files, in the format of <c>sha256sum</c>.</summary>
    public const string SumsFile = "SHA256SUMS";

    private const string HuggingFacePrefix = "hf:";

    /// <summary>The environment variable of the token, and the one of the mirror, as Hugging Face's own tools call them.</summary>
    public const string TokenVariable = "HF_TOKEN";

    /// <summary>The environment variable that names a mirror.</summary>
    public const string MirrorVariable = "HF_ENDPOINT";

    /// <summary>Makes the client for a source; only Hugging Face, or its mirror, gets the token.</summary>
    public static StoreHttp CreateHttp(CliContext context, string source, string? mirror) =>
        source.StartsWith(HuggingFacePrefix, StringComparison.OrdinalIgnoreCase) ? new StoreHttp(Mirror(context, mirror), context.GetVariable(TokenVariable)) : new StoreHttp();

    /// <summary>Plans what would be added.</summary>
    /// <exception cref="CliException">The source is not one, or holds no model.</exception>
    public static async Task<ModelPlan> PlanAsync(CliContext context, StoreHttp http, string source, string? name, string? mirror, CancellationToken cancellationToken)
    {
        ModelPlan plan = source.StartsWith(HuggingFacePrefix, StringComparison.OrdinalIgnoreCase) ? await HuggingFaceSource.PlanAsync(http, Mirror(context, mirror), source[HuggingFacePrefix.Length..], name, cancellationToken)
            : Uri.TryCreate(source, UriKind.Absolute, out Uri? address) && address.Scheme is "http" or "https" ? await WebFolderSource.PlanAsync(http, new Uri(source), name, cancellationToken)
            : FolderSource.Plan(source, name);
        foreach (PlannedFile file in plan.Files)
        {
            StoreNames.FileName(file.Name);
        }

        if (plan.Files.GroupBy(file => file.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(group => group.Count() > 1) is { } twice)
        {
            throw new CliException($"The source names '{twice.Key}' twice. Nothing was added.", ExitCode.Failed);
        }

        return plan.Files.Any(file => file.Name.EndsWith(".onnx", StringComparison.OrdinalIgnoreCase))
            ? plan
            : throw new CliException($"'{plan.Source}' holds no .onnx file: name the folder of a model in ONNX format.");
    }

    private static Uri Mirror(CliContext context, string? mirror)
    {
        string address = mirror ?? context.GetVariable(MirrorVariable) ?? "";
        return address.Length == 0 ? new Uri("https://huggingface.co")
            : Uri.TryCreate(address, UriKind.Absolute, out Uri? parsed) ? StoreHttp.RequireSecure(parsed)
            : throw new CliException($"The mirror '{address}' is no address: --mirror or {MirrorVariable} takes one such as https://huggingface.co.");
    }
}
