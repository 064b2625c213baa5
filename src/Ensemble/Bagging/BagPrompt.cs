using System.Text;

namespace Ensemble;

/// <summary>Writes the prompt of a voter. The prefix ends where a token ends anyway, so that it can be kept: the query starts with a space.</summary>
internal static class BagPrompt
{
    public static string Prefix(BaggingData data, IReadOnlyList<int> bag)
    {
        StringBuilder prompt = new();
        foreach (int i in bag)
        {
            LabeledExample example = data.Examples[i];
            prompt.Append(data.TextWord).Append(": ").Append(example.Text).Append('\n')
                .Append(data.LabelWord).Append(": ").Append(example.Label).Append("\n\n");
        }

        return prompt.Append(data.TextWord).Append(':').ToString();
    }

    /// <summary>Refuses a text of nothing: its label would be the habit of the model.</summary>
    /// <exception cref="EnsembleException">The text is empty.</exception>
    public static void RequireText(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        if (string.IsNullOrWhiteSpace(text))
        {
            throw new EnsembleException("The text to classify is empty. Leave empty texts out, or give them their label without asking.");
        }
    }

    public static string Query(BaggingData data, string text) => $" {text}\n{data.LabelWord}:";

    public static IReadOnlyList<string> Continuations(BaggingData data) => [.. data.Labels.Select(label => $" {label}")];
}
