using Ensemble.Onnx;

namespace Ensemble.Cli;

/// <summary>One model or composition that can be asked.</summary>
internal sealed record ModelEntry
{
    /// <summary>Gets the name to ask it by.</summary>
    public required string Name { get; init; }

    /// <summary>Gets what it is: <c>model</c>, <c>route</c> or <c>panel</c>.</summary>
    public required string Kind { get; init; }

    /// <summary>Gets the provider and its id of a model, or the members of a composition.</summary>
    public required string What { get; init; }

    /// <summary>Gets whether it can be asked, as far as its files and settings tell.</summary>
    public bool Ready => Problem is null;

    /// <summary>Gets why it cannot be asked, with the fix.</summary>
    public string? Problem { get; init; }

    /// <summary>Describes a model.</summary>
    public static ModelEntry Of(ModelRegistration model) => new()
    {
        Name = model.Name,
        Kind = "model",
        What = $"{model.Provider} {model.Model}".TrimEnd(),
        Problem = ProblemOf(model),
    };

    /// <summary>Describes a composition.</summary>
    public static ModelEntry Of(CompositionRegistration composition) => new()
    {
        Name = composition.Name,
        Kind = composition.Kind,
        What = string.Join(", ", composition.Members.Select(member => member.Count > 1 ? $"{member.Model}*{member.Count}" : member.Name ?? member.Model)),
    };

    private static string? ProblemOf(ModelRegistration model)
    {
        if (!model.Provider.Equals(LocalProvider, StringComparison.OrdinalIgnoreCase))
        {
            return null;
        }

        try
        {
            _ = LocalModelInfo.Read(model.Model ?? "");
            return null;
        }
        catch (EnsembleException error)
        {
            return error.Message;
        }
    }

    private const string LocalProvider = "local";
}
