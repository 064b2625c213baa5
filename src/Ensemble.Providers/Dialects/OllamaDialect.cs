using Microsoft.Extensions.AI;
using OllamaSharp;

namespace Ensemble;

/// <summary>Ollama's chat through OllamaSharp.</summary>
internal sealed class OllamaDialect : Dialect
{
    public static readonly OllamaDialect Instance = new();

    public override bool JsonLines => true;

    public override HostedOptions Passes =>
        HostedOptions.Temperature | HostedOptions.TopP | HostedOptions.TopK | HostedOptions.FrequencyPenalty | HostedOptions.PresencePenalty
        | HostedOptions.Seed | HostedOptions.StopSequences | HostedOptions.Tools | HostedOptions.JsonObject | HostedOptions.JsonSchema
        | HostedOptions.ReasoningEffort | HostedOptions.Images | HostedOptions.MaxOutputTokens;

    public override WireReader CreateReader(AttemptRecord record) => new OllamaReader(record);

    public override AnswerShaper CreateShaper(AttemptRecord record) => new OllamaShaper();

    public override IChatClient Connect(HostedModel model, WireGuard guard, HttpClient http)
    {
        http.BaseAddress = new Uri(Trimmed(model.Endpoint) + "/");
        return new OllamaApiClient(http, model.ModelId);
    }

    public override void Shape(ChatOptions options, HostedModel model, OptionNotes notes)
    {
        // The protocol has no word for "none"; without tools none can be called.
        if (options.ToolMode is NoneChatToolMode)
        {
            options.Tools = null;
            options.ToolMode = null;
        }
    }
}
