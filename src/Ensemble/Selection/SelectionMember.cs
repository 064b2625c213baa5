namespace Ensemble;

/// <summary>What a composition knows about one of its members when it chooses: the model's card, where it runs, and how good its user says it is.</summary>
public sealed class SelectionMember
{
    /// <summary>Gets the name of the member.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the name under which its model is registered; allowing and denying go by it too, so that another name does not get around them.</summary>
    /// <value>The default value is <see langword="null"/>: <see cref="Name"/>.</value>
    public string? Model { get; init; }

    /// <summary>Gets the card of its model.</summary>
    public required ModelCard Card { get; init; }

    /// <summary>Gets where the model runs: one deployment or more.</summary>
    public required IReadOnlyList<Deployment> Deployments { get; init; }

    /// <summary>Gets the share of answers that is right, from 0 to 1; <see langword="null"/> when its user gave none, and it is never guessed.</summary>
    public double? Quality { get; init; }

    /// <summary>Gets the share of right answers by domain; a domain that is not named has <see cref="Quality"/>.</summary>
    public IReadOnlyDictionary<string, double> QualityByDomain { get; init; } = new Dictionary<string, double>();
}
