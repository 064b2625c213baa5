namespace QuickStart.Bagging;

/// <summary>A text with its right label.</summary>
/// <param name="Text">The text.</param>
/// <param name="Label">The label.</param>
internal sealed record LabelledText(string Text, string Label);
