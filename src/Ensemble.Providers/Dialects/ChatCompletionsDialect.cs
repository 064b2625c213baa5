using Microsoft.Extensions.AI;
using OpenAI.Chat;

namespace Ensemble;

/// <summary>OpenAI's chat completions through OpenAI's SDK; also everything that imitates them.</summary>
internal sealed class ChatCompletionsDialect : Dialect
{
    public static readonly ChatCompletionsDialect Instance = new();

    // The SDK writes this name; every other one is written by hand.
    private const string SdkLimitField = "max_completion_tokens";

    public override bool AsksAtOnce => true;

    public override HostedOptions Passes =>
        HostedOptions.Temperature | HostedOptions.TopP | HostedOptions.TopK | HostedOptions.FrequencyPenalty | HostedOptions.PresencePenalty
        | HostedOptions.Seed | HostedOptions.StopSequences | HostedOptions.Tools | HostedOptions.RequiredTool | HostedOptions.ParallelToolCalls
        | HostedOptions.JsonObject | HostedOptions.JsonSchema | HostedOptions.ReasoningEffort | HostedOptions.LogProbabilities
        | HostedOptions.Images | HostedOptions.ImageAddresses | HostedOptions.Files | HostedOptions.Audio | HostedOptions.HostedFiles
        | HostedOptions.MaxOutputTokens;

    public override WireReader CreateReader(AttemptRecord record) => new ChatCompletionsReader(record);

    public override AnswerShaper CreateShaper(AttemptRecord record) => new ChatCompletionsShaper();

    public override IAsyncEnumerator<ChatResponseUpdate> Read(AttemptRecord record, IAsyncEnumerator<ChatResponseUpdate> asked) => new ChatCompletionsStream(record, asked);

    public override IChatClient Connect(HostedModel model, WireGuard guard, HttpClient http) =>
        new ChatCompletionsClient(OpenAISetup.Create(model, guard, http).GetChatClient(model.ModelId));

    public override bool PassesTool(AITool tool) => tool is AIFunctionDeclaration or HostedWebSearchTool;

    public override void Shape(ChatOptions options, HostedModel model, OptionNotes notes)
    {
        int? top = options.GetRequestedLogProbabilities();
        int? limit = model.Preset.OutputLimitField == SdkLimitField ? null : options.MaxOutputTokens;
        int? topK = options.TopK;
        if (top is null && limit is null && topK is null)
        {
            return;
        }

        if (limit is not null)
        {
            options.MaxOutputTokens = null;
        }

        Func<IChatClient, object?>? callers = options.RawRepresentationFactory;
        options.RawRepresentationFactory = client =>
        {
            ChatCompletionOptions raw = callers?.Invoke(client) as ChatCompletionOptions ?? new();
            if (top is { } alternatives)
            {
                raw.IncludeLogProbabilities = true;
                raw.TopLogProbabilityCount = alternatives > 0 ? alternatives : null;
            }

            Patch(raw, model.Preset.OutputLimitField, limit, topK);
            return raw;
        };
    }

#pragma warning disable SCME0001 // The patch is the SDK's only way to a field that it does not know; its shape may still change, a test would notice.
    private static void Patch(ChatCompletionOptions raw, string limitField, int? limit, int? topK)
    {
        if (limit is { } tokens)
        {
            raw.Patch.Set(System.Text.Encoding.UTF8.GetBytes($"$.{limitField}"), tokens);
        }

        if (topK is { } candidates)
        {
            raw.Patch.Set("$.top_k"u8, candidates);
        }
    }
#pragma warning restore SCME0001
}
