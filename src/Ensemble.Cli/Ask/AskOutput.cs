using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>What <c>ask --json</c> writes.</summary>
internal sealed record AskOutput
{
    /// <summary>Gets the answer.</summary>
    public required string Text { get; init; }

    /// <summary>Gets the answer as JSON when a schema was given and the answer is whole.</summary>
    public JsonElement? Value { get; init; }

    /// <summary>Gets the model that answered, as it calls itself.</summary>
    public string? Model { get; init; }

    /// <summary>Gets why the answer ended: <c>stop</c>, or <c>length</c> when it was cut.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Gets what happened.</summary>
    public JsonElement? Receipt { get; init; }

    /// <summary>Takes what a script needs from an answer.</summary>
    public static AskOutput Create(ChatResponse response, bool hasSchema) => new()
    {
        Text = response.Text,
        Value = hasSchema && response.FinishReason != ChatFinishReason.Length ? Parse(response.Text) : null,
        Model = response.ModelId,
        FinishReason = response.FinishReason?.Value,
        Receipt = response.GetReceipt() is { } receipt ? JsonSerializer.SerializeToElement(receipt, EnsembleJson.Receipt) : null,
    };

    private static JsonElement Parse(string text)
    {
        using JsonDocument document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
