namespace Ensemble;

/// <summary>Bagging data as JSON has it. Optional parts have setters: generated code forgets the default of an init-only one.</summary>
internal sealed record BaggingDocument
{
    public required IReadOnlyList<string> Labels { get; init; }

    public required IReadOnlyList<LabeledExample> Examples { get; init; }

    public required IReadOnlyList<IReadOnlyList<int>> Bags { get; init; }

    public string TextWord { get; set; } = "Text";

    public string LabelWord { get; set; } = "Label";

    public IReadOnlyList<LabeledExample> Test { get; set; } = [];

    public BaggingData ToData() => new(Labels, Examples, Bags, TextWord, LabelWord, Test);
}
