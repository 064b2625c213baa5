namespace Ensemble.Tokenization.Special;

/// <summary>A name that stands for one token when it is asked to.</summary>
internal sealed record SpecialToken
{
    /// <summary>The name, which the token decodes to.</summary>
    public required string Content { get; init; }

    /// <summary>What to look for in a text: the name, normalized if the text is.</summary>
    public required string Match { get; init; }

    /// <summary>The token's id.</summary>
    public required int Id { get; init; }

    /// <summary>White space before the name belongs to the token (<c>lstrip</c>).</summary>
    public bool TakesWhiteBefore { get; init; }

    /// <summary>White space after the name belongs to the token (<c>rstrip</c>).</summary>
    public bool TakesWhiteAfter { get; init; }

    /// <summary>The name is looked for in normalized text.</summary>
    public bool IsNormalized { get; init; }

    /// <summary>A token whose name is looked for as it is.</summary>
    public static SpecialToken Of(string content, int id) => new() { Content = content, Match = content, Id = id };
}
