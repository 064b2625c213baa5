using System.Text.Json;
using Ensemble;

namespace QuickStart.Bagging;

/// <summary>The labelled messages of <c>tickets.json</c>, and which of them each voter sees.</summary>
internal sealed record TicketSet
{
    /// <summary>Gets the word that stands before a text in the prompt.</summary>
    public required string TextWord { get; init; }

    /// <summary>Gets the word that stands before a label in the prompt.</summary>
    public required string LabelWord { get; init; }

    /// <summary>Gets the labels.</summary>
    public required IReadOnlyList<string> Labels { get; init; }

    /// <summary>Gets the labelled examples that the voters draw from.</summary>
    public required IReadOnlyList<LabelledText> Examples { get; init; }

    /// <summary>Gets one list of example indices a voter, in prompt order.</summary>
    public required IReadOnlyList<IReadOnlyList<int>> Bags { get; init; }

    /// <summary>Gets the messages that no voter has seen.</summary>
    public required IReadOnlyList<LabelledText> Test { get; init; }

    /// <summary>Reads a set.</summary>
    /// <param name="path">The file.</param>
    public static TicketSet Load(string path)
    {
        using FileStream file = File.OpenRead(path);
        return JsonSerializer.Deserialize<TicketSet>(file, JsonSerializerOptions.Web) ?? throw new InvalidDataException($"'{path}' is empty.");
    }

    /// <summary>Describes one voter a bag: the same model, and in front of each question the voter's own examples.</summary>
    /// <param name="model">The model that all voters are; without a chat template, so that it goes on with the text.</param>
    public IReadOnlyList<MemberOptions> Voters(string model) =>
    [
        .. Bags.Select((bag, index) => new MemberOptions
        {
            Model = model,
            Name = $"voter {index + 1}",
            Temperature = 0,
            Examples = [.. bag.Select(example => new ChatExample(Question(Examples[example].Text), $" {Examples[example].Label}\n\n"))],
        }),
    ];

    /// <summary>Writes a text the way the voters' examples are written.</summary>
    public string Question(string text) => $"{TextWord}: {text}\n{LabelWord}:";

    /// <summary>Gives the place of a label among <see cref="Labels"/>.</summary>
    public int IndexOf(string label)
    {
        for (int index = 0; index < Labels.Count; index++)
        {
            if (Labels[index] == label)
            {
                return index;
            }
        }

        throw new InvalidDataException($"The label '{label}' is not among {string.Join(", ", Labels)}.");
    }
}
