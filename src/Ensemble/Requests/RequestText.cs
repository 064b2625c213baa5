using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Lists every piece of text that a request sends to a model: instructions, messages, calls and results of tools.</summary>
internal static class RequestText
{
    public static IEnumerable<string> Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (options?.Instructions is { Length: > 0 } instructions)
        {
            yield return instructions;
        }

        foreach (ChatMessage message in messages)
        {
            foreach (AIContent content in message.Contents)
            {
                if (Of(content) is { Length: > 0 } text)
                {
                    yield return text;
                }
            }
        }
    }

    /// <summary>Lists what a model is told about the tools and the form of the answer.</summary>
    public static IEnumerable<string> OfDeclarations(ChatOptions? options)
    {
        foreach (AITool tool in options?.Tools ?? [])
        {
            yield return tool.Name;
            yield return tool.Description;
            if (tool is AIFunctionDeclaration function)
            {
                yield return function.JsonSchema.GetRawText();
            }
        }

        if (options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema })
        {
            yield return schema.GetRawText();
        }
    }

    private static string? Of(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        FunctionCallContent call => call.Name + " " + Json(call.Arguments),
        FunctionResultContent result => result.Result as string ?? Json(result.Result),
        _ => null,
    };

    private static string Json(object? value) => value switch
    {
        null => string.Empty,
        JsonElement element => element.GetRawText(),
        _ when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type) => JsonSerializer.Serialize(value, type),
        _ => value.ToString() ?? string.Empty,
    };
}
