using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>What one model of a comparison answered and what that took, or why it did not.</summary>
internal sealed record CompareResult
{
    /// <summary>Gets the name that the user gave.</summary>
    public required string Name { get; init; }

    /// <summary>Gets the model that answered, as it calls itself.</summary>
    public string? Model { get; init; }

    /// <summary>Gets the answer; of a model that failed what it had said before.</summary>
    public required string Text { get; init; }

    /// <summary>Gets why the model did not answer; <see langword="null"/> when it did.</summary>
    public string? Error { get; init; }

    /// <summary>Gets why the answer ended: <c>stop</c>, or <c>length</c> when it was cut.</summary>
    public string? FinishReason { get; init; }

    /// <summary>Gets the tokens of the prompt; nothing when they are not reported.</summary>
    public long? InputTokens { get; init; }

    /// <summary>Gets the tokens of the answer; nothing when they are not reported.</summary>
    public long? OutputTokens { get; init; }

    /// <summary>Gets the price; nothing when it is unknown.</summary>
    public decimal? CostUsd { get; init; }

    /// <summary>Gets the seconds until the first piece of the answer.</summary>
    public double? FirstSeconds { get; init; }

    /// <summary>Gets the seconds until the end, loading of a local model included.</summary>
    public double Seconds { get; init; }

    /// <summary>Gets what happened.</summary>
    public JsonElement? Receipt { get; init; }

    /// <summary>Gets the exit code that the error would end a command with.</summary>
    [JsonIgnore]
    public int ExitCode { get; init; }

    /// <summary>Reads an answer.</summary>
    public static CompareResult Of(string name, ChatResponse response, TimeSpan? first, TimeSpan duration)
    {
        Receipt? receipt = response.GetReceipt();
        return new CompareResult
        {
            Name = name,
            Model = response.ModelId,
            Text = response.Text,
            FinishReason = response.FinishReason?.Value,
            InputTokens = response.Usage?.InputTokenCount,
            OutputTokens = response.Usage?.OutputTokenCount,
            CostUsd = receipt?.CostUsd,
            FirstSeconds = first?.TotalSeconds,
            Seconds = duration.TotalSeconds,
            Receipt = receipt is null ? null : JsonSerializer.SerializeToElement(receipt, EnsembleJson.Receipt),
        };
    }

    /// <summary>Says tokens, time and price in one line.</summary>
    [JsonIgnore]
    public string Facts => Error is null
        ? string.Create(CultureInfo.InvariantCulture, $"{Known(InputTokens)} tokens in, {Known(OutputTokens)} out; {Seconds:0.00} s{(FirstSeconds is { } first ? $" (first {first:0.00} s)" : "")}; {(CostUsd is { } cost ? $"${cost:0.######}" : "price unknown")}{(FinishReason == "length" ? "; cut" : "")}")
        : string.Create(CultureInfo.InvariantCulture, $"failed after {Seconds:0.00} s");

    private static string Known(long? tokens) => tokens?.ToString(CultureInfo.InvariantCulture) ?? "?";
}
