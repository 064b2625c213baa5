namespace Ensemble;

/// <summary>A fitted classifier as JSON has it: who was fitted, and what cannot be computed again without asking the language model.</summary>
internal sealed record TextClassifierDocument
{
    public required BaggingDocument Data { get; init; }

    /// <summary>Gets the language model that the voters were fitted to.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the embedding model that took part.</summary>
    public string? Embeddings { get; init; }

    public required IReadOnlyList<VoterDocument> Voters { get; init; }

    /// <summary>Gets for each example what the voters say that were not shown it, on average; <see langword="null"/> for one that all were shown.</summary>
    public IReadOnlyList<double[]?>? OutOfBag { get; init; }

    public static TextClassifierDocument From(BaggingData data, TextClassifierFit fit, string? model, string? embeddings) => new()
    {
        Data = new BaggingDocument { Labels = data.Labels, Examples = data.Examples, Bags = data.Bags, TextWord = data.TextWord, LabelWord = data.LabelWord },
        Model = model,
        Embeddings = embeddings,
        Voters = [.. fit.Voters.Select(voter => new VoterDocument(voter.Center, voter.Calibration?.Slope ?? 1, voter.Calibration?.Bias ?? [.. voter.Center.Select(_ => 0.0)]))],
        OutOfBag = fit.OutOfBag,
    };

    /// <summary>Reads the voters, for the model that they were fitted to.</summary>
    /// <exception cref="EnsembleException">There are none, they are another model's, or they do not fit the data.</exception>
    public BaggedVoter[] ReadVoters(BaggingData data, string? model)
    {
        if (Voters.Count == 0)
        {
            throw new EnsembleException("The classifier was fitted without bagged voters: leave the language model out, or fit again with it.");
        }

        if (Model is not null && model is not null && Model != model)
        {
            throw new EnsembleException($"The voters were fitted to the model '{Model}', whose habits '{model}' does not have: give '{Model}', or fit again.");
        }

        if (Voters.Count != data.Bags.Count || OutOfBag?.Count != data.Examples.Count || Voters.Any(voter => voter.Center.Count != data.Labels.Count) || OutOfBag.Any(row => row is not null && row.Length != data.Labels.Count))
        {
            throw new EnsembleException(
                $"The classifier does not fit together: {data.Bags.Count} bags need as many voters ({Voters.Count}), {data.Examples.Count} examples as many rows of outOfBag ({OutOfBag?.Count ?? 0}), and each a number for each of {data.Labels.Count} labels. Fit and save it again.");
        }

        return [.. Voters.Select((voter, k) => new BaggedVoter($"voter{k + 1}", BagPrompt.Prefix(data, data.Bags[k]), [.. voter.Center], new ChoiceCalibration(voter.Slope, voter.Bias)))];
    }

    internal sealed record VoterDocument(IReadOnlyList<double> Center, double Slope, IReadOnlyList<double> Bias);
}
