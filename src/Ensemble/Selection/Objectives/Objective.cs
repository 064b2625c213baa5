using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>
/// What to prefer among the models that satisfy every requirement. Each model is scored on its own, on an absolute scale, so taking a
/// model away that was not chosen never changes the choice. "Cheapest that is good enough" is <see cref="Cheapest"/> with
/// <see cref="Requirements.MinQuality"/>; "best within a price" is <see cref="Best"/> with <see cref="Requirements.MaxUsd"/>.
/// </summary>
[JsonConverter(typeof(ObjectiveJsonConverter))]
public abstract class Objective
{
    private protected Objective()
    {
    }

    /// <summary>Gets the order in which the members stand, whatever they cost.</summary>
    public static Objective Order { get; } = new OrderObjective();

    /// <summary>Gets the lowest expected price; an unknown price does not qualify.</summary>
    public static Objective Cheapest { get; } = new CheapestObjective();

    /// <summary>Gets the highest quality; an unknown quality does not qualify.</summary>
    public static Objective Best { get; } = new BestObjective();

    /// <summary>Gets the shortest time to the end of the answer, as measured; a model that was not measured yet comes first and is then measured.</summary>
    public static Objective Fastest { get; } = new FastestObjective(toFirstToken: false);

    /// <summary>Gets the shortest time to the first token, as measured; a model that was not measured yet comes first and is then measured.</summary>
    public static Objective FastestToFirstToken { get; } = new FastestObjective(toFirstToken: true);

    /// <summary>Gets the least energy, by the upper end of its range; a model of unknown size comes last.</summary>
    public static Objective Greenest { get; } = new GreenestObjective();

    internal virtual bool NeedsQuality => false;

    internal virtual bool NeedsPrice => false;

    /// <summary>Weighs price, errors, time and energy against each other on absolute scales.</summary>
    /// <param name="weights">What each is worth.</param>
    /// <returns>The objective.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="weights"/> is <see langword="null"/>.</exception>
    /// <exception cref="ArgumentException">No weight is positive.</exception>
    public static Objective Weighted(ObjectiveWeights weights)
    {
        ArgumentNullException.ThrowIfNull(weights);
        return new WeightedObjective(weights);
    }

    /// <summary>Scores the candidates that no rule refused; lower is better. May refuse those that it cannot score.</summary>
    internal abstract void Score(in SelectionQuestion question, Span<ConstraintRules> refusals, Span<double> scores);

    /// <summary>Says in a few words what is preferred, for receipts.</summary>
    internal abstract string Describe();

    /// <inheritdoc/>
    public override string ToString() => Describe();
}
