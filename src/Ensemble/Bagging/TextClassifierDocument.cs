namespace Ensemble;

/// <summary>A fitted classifier as JSON has it.</summary>
internal sealed record TextClassifierDocument
{
    public required BaggingDocument Data { get; init; }

    public required IReadOnlyList<VoterDocument> Voters { get; init; }

    public double BagTemperature { get; set; } = 1;

    public double EmbeddingTemperature { get; set; } = 1;

    public double FusionTemperature { get; set; } = 1;

    public double Threshold { get; set; }

    public int Right { get; set; }

    public int Judged { get; set; }

    public static TextClassifierDocument From(BaggingData data, TextClassifierFit fit) => new()
    {
        Data = new BaggingDocument { Labels = data.Labels, Examples = data.Examples, Bags = data.Bags, TextWord = data.TextWord, LabelWord = data.LabelWord },
        Voters = [.. fit.Voters.Select(voter => new VoterDocument(voter.Center, voter.Calibration?.Slope ?? 1, voter.Calibration?.Bias ?? [.. voter.Center.Select(_ => 0.0)]))],
        BagTemperature = fit.BagTemperature,
        EmbeddingTemperature = fit.EmbeddingTemperature,
        FusionTemperature = fit.FusionTemperature,
        Threshold = fit.Threshold,
        Right = fit.Right,
        Judged = fit.Judged,
    };

    public (BaggingData Data, TextClassifierFit Fit) Read()
    {
        BaggingData data = Data.ToData();
        if (Voters.Count > data.Bags.Count)
        {
            throw new EnsembleException($"The classifier has {Voters.Count} voters and {data.Bags.Count} bags; save it again.");
        }

        BaggedVoter[] voters = [.. Voters.Select((voter, k) => new BaggedVoter(
            $"voter{k + 1}", BagPrompt.Prefix(data, data.Bags[k]), [.. voter.Center], new ChoiceCalibration(voter.Slope, voter.Bias)))];
        return (data, new TextClassifierFit(voters, BagTemperature, EmbeddingTemperature, FusionTemperature, Threshold, Right, Judged));
    }

    internal sealed record VoterDocument(IReadOnlyList<double> Center, double Slope, IReadOnlyList<double> Bias);
}
