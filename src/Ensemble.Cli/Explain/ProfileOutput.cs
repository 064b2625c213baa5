namespace Ensemble.Cli;

/// <summary>What a question is.</summary>
internal sealed record ProfileOutput
{
    /// <summary>Gets the bound of the prompt in tokens, for a model whose encoding is not public.</summary>
    public long InputTokensAtMost { get; init; }

    /// <summary>Gets the limit of the answer in tokens.</summary>
    public long? OutputLimit { get; init; }

    /// <summary>Gets what a model must be able to do.</summary>
    public ModelCapabilities Needs { get; init; }

    /// <summary>Gets the kinds of sensitive data in it.</summary>
    public SensitiveData SensitiveData { get; init; }

    /// <summary>Gets where it stands; the data itself is not there.</summary>
    public IReadOnlyList<PlaceOutput> SensitivePlaces { get; init; } = [];

    /// <summary>Gets its language.</summary>
    public string? Language { get; init; }

    /// <summary>Gets what it is about.</summary>
    public string? Domain { get; init; }

    /// <summary>Gets on whose behalf it is asked.</summary>
    public string? Tenant { get; init; }

    /// <summary>Writes a profile down.</summary>
    public static ProfileOutput Create(RequestProfile profile) => new()
    {
        InputTokensAtMost = profile.GetInputTokens(null),
        OutputLimit = profile.OutputLimit,
        Needs = profile.NeededCapabilities,
        SensitiveData = profile.SensitiveData,
        SensitivePlaces = profile.SensitiveData == SensitiveData.None ? [] : [.. profile.SensitivePlaces.Select(PlaceOutput.Create)],
        Language = profile.Language,
        Domain = profile.Domain,
        Tenant = profile.Tenant,
    };
}
