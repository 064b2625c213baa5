using Microsoft.Extensions.AI;
using OpenAI.Responses;

namespace Ensemble;

/// <summary>OpenAI's responses through OpenAI's SDK.</summary>
internal sealed class ResponsesDialect : Dialect
{
    public static readonly ResponsesDialect Instance = new();

    // Each item of reasoning has an id that the provider knows, or is an error there.
    public override bool PassesReasoning(TextReasoningContent reasoning, bool? isForeign) =>
        isForeign is false || (isForeign is null && (reasoning.ProtectedData is { Length: > 0 } || reasoning.RawRepresentation is not null || reasoning.AdditionalProperties is { Count: > 0 }));

    public override bool AsksAtOnce => true;

    public override HostedOptions Passes =>
        HostedOptions.Temperature | HostedOptions.TopP | HostedOptions.Tools | HostedOptions.RequiredTool | HostedOptions.ParallelToolCalls
        | HostedOptions.JsonObject | HostedOptions.JsonSchema | HostedOptions.ReasoningEffort | HostedOptions.ReasoningOutput
        | HostedOptions.Images | HostedOptions.ImageAddresses | HostedOptions.Files | HostedOptions.HostedFiles | HostedOptions.Conversations
        | HostedOptions.MaxOutputTokens | HostedOptions.LogProbabilities;

    public override WireReader CreateReader(AttemptRecord record) => new ResponsesReader(record);

    public override AnswerShaper CreateShaper(AttemptRecord record) => new ResponsesShaper(record);

    public override bool PassesTool(AITool tool) =>
        tool is AIFunctionDeclaration or HostedWebSearchTool or HostedCodeInterpreterTool or HostedFileSearchTool or HostedMcpServerTool;

#pragma warning disable OPENAI001 // OpenAI's SDK calls its responses experimental; there is no other way to them.
    public override void Shape(ChatOptions options, HostedModel model, OptionNotes notes)
    {
        if (options.GetRequestedLogProbabilities() is not { } top)
        {
            return;
        }

        // The adapter has no word for them.
        Func<IChatClient, object?>? callers = options.RawRepresentationFactory;
        options.RawRepresentationFactory = client =>
        {
            CreateResponseOptions raw = callers?.Invoke(client) as CreateResponseOptions ?? new();
            raw.IncludedProperties.Add(IncludedResponseProperty.MessageOutputTextLogProbabilities);
            raw.TopLogProbabilityCount = top > 0 ? top : null;
            return raw;
        };
    }

    public override IChatClient Connect(HostedModel model, WireGuard guard, HttpClient http) =>
        OpenAISetup.Create(model, guard, http).GetResponsesClient().AsIChatClient(model.ModelId);
#pragma warning restore OPENAI001
}
