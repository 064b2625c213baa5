namespace Ensemble;

/// <summary>One composition as it is registered, in code or in the configuration.</summary>
public sealed class CompositionRegistration
{
    internal CompositionRegistration(string name, string kind, IReadOnlyList<MemberOptions> members, string path, CompositionFactory create)
    {
        Name = name;
        Kind = kind;
        Members = members;
        Path = path;
        Create = create;
    }

    /// <summary>Gets the name under which the composition is registered, and the key of its <c>IChatClient</c>.</summary>
    public string Name { get; }

    /// <summary>Gets what it is: <c>route</c>, <c>panel</c>, <c>semantic</c>, <c>cascade</c> or <c>classify</c>.</summary>
    public string Kind { get; }

    /// <summary>Gets the members as they are registered, in their order.</summary>
    public IReadOnlyList<MemberOptions> Members { get; }

    /// <summary>Gets where the composition is registered, for error messages: a configuration path or a call.</summary>
    public string Path { get; }

    /// <summary>Gets what makes the client from the members.</summary>
    internal CompositionFactory Create { get; }

    /// <summary>Gets the key of the embedding model that the composition needs; <see langword="null"/> when it needs none.</summary>
    internal string? Embeddings { get; init; }

    /// <summary>Gets how the composition chooses among its members; <see langword="null"/> when it does not.</summary>
    internal SelectionOptions? Selection { get; init; }

    /// <summary>Gets the name of the budget that pays for the composition alone, beside those that concern everything.</summary>
    internal string? Budget { get; init; }
}
