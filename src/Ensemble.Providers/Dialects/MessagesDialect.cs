using System.Text.Json;
using Anthropic;
using Anthropic.Core;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Anthropic's messages through Anthropic's SDK.</summary>
internal sealed class MessagesDialect : Dialect
{
    public static readonly MessagesDialect Instance = new();

    // The protocol wants a limit in every request; the SDK's own default of 1,024 cuts many answers off.
    private const int DefaultMaxOutputTokens = 4096;

    // The adapter has no temperature, nucleus, candidates, penalties or seed: those are noted or refused.
    public override HostedOptions Passes =>
        HostedOptions.StopSequences | HostedOptions.Tools | HostedOptions.RequiredTool | HostedOptions.ParallelToolCalls
        | HostedOptions.JsonSchema | HostedOptions.ReasoningEffort | HostedOptions.ReasoningOutput | HostedOptions.Images
        | HostedOptions.ImageAddresses | HostedOptions.Files | HostedOptions.HostedFiles | HostedOptions.MaxOutputTokens;

    public override WireReader CreateReader(AttemptRecord record) => new MessagesReader(record);

    public override AnswerShaper CreateShaper(AttemptRecord record) => new();

    // Thinking without a signature of its own is an error there.
    public override bool PassesReasoning(TextReasoningContent reasoning, bool? isForeign) => isForeign is not true && reasoning.ProtectedData is { Length: > 0 };

    public override bool PassesTool(AITool tool) => tool is AIFunctionDeclaration or HostedWebSearchTool or HostedCodeInterpreterTool;

    public override void Shape(ChatOptions options, HostedModel model, OptionNotes notes)
    {
        // The adapter hands "one call at a time" on with a choice of tools only; to choose freely is what happens without one.
        if (options is { AllowMultipleToolCalls: not null, ToolMode: null, Tools.Count: > 0 })
        {
            options.ToolMode = ChatToolMode.Auto;
        }
    }

    // Every other schema the adapter drops without a word.
    public override bool PassesSchema(JsonElement schema) =>
        schema.ValueKind == JsonValueKind.Object
        && schema.TryGetProperty("type", out JsonElement type) && type.ValueKind == JsonValueKind.String && type.ValueEquals("object"u8)
        && schema.TryGetProperty("properties", out JsonElement properties) && properties.ValueKind == JsonValueKind.Object;

    public override IChatClient Connect(HostedModel model, WireGuard guard, HttpClient http) => new AnthropicClient(new ClientOptions
    {
        HttpClient = http,
        BaseUrl = Trimmed(model.Endpoint),
        ApiKey = NoKey,
        MaxRetries = 0,
        Timeout = Timeout.InfiniteTimeSpan,
    }).AsIChatClient(model.ModelId, DefaultMaxOutputTokens);
}
