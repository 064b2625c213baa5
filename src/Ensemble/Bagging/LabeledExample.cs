namespace Ensemble;

/// <summary>A text and the label that somebody gave it.</summary>
public sealed class LabeledExample
{
    /// <summary>Creates an example.</summary>
    /// <param name="text">The text.</param>
    /// <param name="label">Its label.</param>
    /// <exception cref="ArgumentException">The text or the label is empty.</exception>
    public LabeledExample(string text, string label)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(text);
        ArgumentException.ThrowIfNullOrWhiteSpace(label);
        Text = text;
        Label = label;
    }

    /// <summary>Gets the text.</summary>
    public string Text { get; }

    /// <summary>Gets the label.</summary>
    public string Label { get; }
}
