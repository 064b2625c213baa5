using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>Names a prompt without keeping it: SHA-256 over what decides the answer.</summary>
internal static class PromptHash
{
    public static string Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        using IncrementalHash hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        for (int i = 0; i < messages.Count; i++)
        {
            ChatMessage message = messages[i];
            Add(hash, message.Role.Value);
            if (message.Role == ChatRole.Assistant)
            {
                foreach (string content in Scrubber.AsRecorded(message.Contents, [.. messages.Take(i)], options))
                {
                    Add(hash, content);
                }

                continue;
            }

            foreach (AIContent content in message.Contents)
            {
                Add(hash, JsonSerializer.Serialize(Bare(content), AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(AIContent))));
            }
        }

        if (options is not null)
        {
            Add(hash, options.Instructions);
            Add(hash, options.Temperature?.ToString("R", System.Globalization.CultureInfo.InvariantCulture));
            Add(hash, options.MaxOutputTokens?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Add(hash, options.Seed?.ToString(System.Globalization.CultureInfo.InvariantCulture));
            Add(hash, (options.ResponseFormat as ChatResponseFormatJson)?.Schema?.GetRawText());
            foreach (AITool tool in options.Tools ?? [])
            {
                Add(hash, tool.Name);
                AddSet(hash, "description", tool.Description is { Length: > 0 } description ? description : null);
                AddSet(hash, "schema", (tool as AIFunctionDeclaration)?.JsonSchema.GetRawText());
            }

            AddSet(hash, "model", options.ModelId);
            AddSet(hash, "top-p", options.TopP);
            AddSet(hash, "top-k", options.TopK);
            AddSet(hash, "frequency", options.FrequencyPenalty);
            AddSet(hash, "presence", options.PresencePenalty);
            AddSet(hash, "tools", options.ToolMode switch
            {
                null => null,
                RequiredChatToolMode required => $"required {required.RequiredFunctionName}",
                NoneChatToolMode => "none",
                _ => "auto",
            });
            AddSet(hash, "several tools", options.AllowMultipleToolCalls);
            AddSet(hash, "effort", options.Reasoning?.Effort);
            AddSet(hash, "reasoning", options.Reasoning?.Output);
            AddSet(hash, "format", options.ResponseFormat?.GetType().Name);
            foreach (string stop in options.StopSequences ?? [])
            {
                AddSet(hash, "stop", stop);
            }
        }

        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    // What is not set is left out, so that an option which comes new to the platform changes no key.
    private static void AddSet(IncrementalHash hash, string name, object? value)
    {
        if (value is not null)
        {
            Add(hash, name);
            Add(hash, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
        }
    }

    // Text is hashed as text, so that notes which middleware hangs on a content change nothing.
    private static AIContent Bare(AIContent content) => content is TextContent text ? new TextContent(text.Text) : content;

    // The length in front keeps "ab" + "c" and "a" + "bc" apart.
    private static void Add(IncrementalHash hash, string? text)
    {
        byte[] bytes = text is null ? [] : Encoding.UTF8.GetBytes(text);
        hash.AppendData(BitConverter.GetBytes(text is null ? -1 : bytes.Length));
        hash.AppendData(bytes);
    }
}
