using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Structured output for providers that have none: instruct, check against the schema, repair once, and say so.</summary>
internal static class StructuredAnswers
{
    // The engine's names for what a model has used before its error.
    private const string EarlierUsageKey = "ensemble.usage.earlier";
    private const string WholeUsageKey = "ensemble.usage";

    public delegate Task<ChatResponse> Ask(IEnumerable<ChatMessage> messages, ChatOptions? options, OptionNotes notes, CancellationToken cancellationToken);

    public static bool IsNeeded(HostedModel model, ChatOptions? options) =>
        options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } && !(model.Supported.HasFlag(HostedOptions.JsonSchema) && model.Dialect.PassesSchema(schema));

    public static async Task<ChatResponse> AskAsync(
        HostedModel model, IEnumerable<ChatMessage> messages, ChatOptions options, OptionNotes notes, Ask ask, CancellationToken cancellationToken)
    {
        JsonElement schema = ((ChatResponseFormatJson)options.ResponseFormat!).Schema!.Value;
        ChatOptions own = FurtherCall.Remove(options.Clone())!;
        own.ResponseFormat = model.Supported.HasFlag(HostedOptions.JsonObject) ? ChatResponseFormat.Json : null;
        own.Instructions = string.Join("\n\n", new[] { options.Instructions, Instruction(schema) }.Where(text => text is not null));
        string why = model.Supported.HasFlag(HostedOptions.JsonSchema) ? "takes only schemas of objects" : "has no structured output";
        notes.Add($"the schema was given as an instruction and the answer checked here: {model.Preset.Name} {why}.");
        List<ChatMessage> conversation = [.. messages];
        ChatResponse first = await ask(conversation, own, notes, cancellationToken).ConfigureAwait(false);
        string? problem = Check(first, schema, out string? json);
        if (problem is null)
        {
            return With(first, json);
        }

        if (cancellationToken.IsCancellationRequested)
        {
            // The first answer is paid for; nothing starts once nobody wants it.
            OperationCanceledException left = new(cancellationToken);
            left.Data[WholeUsageKey] = first.Usage;
            throw left;
        }

        if (!FurtherCall.TryTake(options, first.Usage))
        {
            Exception kept = model.CreateException(new Failure(FailureClass.Protocol), $"answered with JSON that breaks the schema ({problem}), and the request has no attempt, or not the money, to ask once more", 200, code: null, requestId: null, cause: null);
            kept.Data[WholeUsageKey] = first.Usage;
            throw kept;
        }

        notes.Add($"the first answer broke the schema ({problem}) and was repaired by asking once more.");
        conversation.AddRange(first.Messages);
        conversation.Add(new ChatMessage(ChatRole.User, $"That answer does not fit the schema: {problem}. Answer again with the corrected JSON only."));
        ChatResponse second;
        try
        {
            second = await ask(conversation, own, notes, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception error) when (first.Usage is not null)
        {
            // The first answer was made and is billed.
            error.Data[EarlierUsageKey] = first.Usage;
            throw;
        }

        if (first.Usage is { } spent)
        {
            (second.Usage ??= new()).Add(spent);
        }

        problem = Check(second, schema, out json);
        if (problem is null)
        {
            return With(second, json);
        }

        Exception broken = model.CreateException(new Failure(FailureClass.Protocol), $"answered twice with JSON that breaks the schema ({problem})", 200, code: null, requestId: null, cause: null);
        broken.Data[WholeUsageKey] = second.Usage;
        throw broken;
    }

    private static string Instruction(JsonElement schema) =>
        $"Answer with one JSON value and nothing else: no explanation, no code fence. It must follow this JSON schema:\n{schema.GetRawText()}";

    /// <summary>Returns what is wrong; an answer that calls tools or was filtered is none to check.</summary>
    private static string? Check(ChatResponse response, JsonElement schema, out string? json)
    {
        json = null;
        if (response.FinishReason is not { } finish || finish != ChatFinishReason.Stop)
        {
            return response.FinishReason == ChatFinishReason.Length ? "it is cut off" : null;
        }

        json = Strip(response.Text);
        try
        {
            using JsonDocument document = JsonDocument.Parse(json);
            return JsonSchemaCheck.Find(document.RootElement, schema);
        }
        catch (JsonException)
        {
            return "it is no JSON";
        }
    }

    private static ChatResponse With(ChatResponse response, string? json)
    {
        if (json is not null && json != response.Text)
        {
            ChatMessage last = response.Messages[^1];
            last.Contents = [.. last.Contents.Where(content => content is not TextContent), new TextContent(json)];
        }

        return response;
    }

    /// <summary>Takes the code fence off that many models cannot help.</summary>
    private static string Strip(string text)
    {
        string trimmed = text.Trim();
        if (!trimmed.StartsWith("```", StringComparison.Ordinal) || !trimmed.EndsWith("```", StringComparison.Ordinal) || trimmed.Length < 6)
        {
            return trimmed;
        }

        int firstLine = trimmed.IndexOf('\n', StringComparison.Ordinal);
        return firstLine < 0 ? trimmed : trimmed[(firstLine + 1)..^3].Trim();
    }
}
