using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Bounds the tokens of prompts from above: what is public is counted, the rest is its bytes.</summary>
internal static class InputBound
{
    /// <summary>The tokens by which role and separators of a message are bounded; known chat formats take 3 to 7.</summary>
    public const int TokensPerMessage = 16;

    /// <summary>Bounds all that a request sends.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options, whose tools, instructions and schema are sent along.</param>
    /// <param name="encoding">Counts text; <see langword="null"/> bounds it by its bytes.</param>
    /// <param name="tokensPerImage">What an image takes at most.</param>
    public static long Tokens(IEnumerable<ChatMessage> messages, ChatOptions? options, TokenEncoding? encoding, long tokensPerImage)
    {
        // What opens the answer, and the instructions, are a message more.
        long sum = TokensPerMessage;
        foreach (ChatMessage message in messages)
        {
            sum += TokensPerMessage + CostBounds.Bytes(message.AuthorName);
            foreach (AIContent content in message.Contents)
            {
                sum += ContentBound.Tokens(content, tokensPerImage, encoding);
            }
        }

        return options is null ? sum : sum + TokensOf(options.Instructions, encoding) + Declarations(options);
    }

    /// <summary>Bounds what a member puts before every conversation.</summary>
    /// <param name="variation">In what way the member is asked; <see langword="null"/> for the caller's.</param>
    /// <param name="counting">How its model counts.</param>
    public static long OwnTokens(MemberOptions? variation, InputCounting counting)
    {
        if (variation is null)
        {
            return 0;
        }

        TokenEncoding? encoding = EncodingOf(counting);
        long tokens = variation.System is { } system ? TokensPerMessage + TokensOf(system, encoding) : 0;
        foreach (ChatExample example in variation.Examples)
        {
            tokens += (2 * TokensPerMessage) + TokensOf(example.User, encoding) + TokensOf(example.Assistant, encoding);
        }

        return tokens;
    }

    // How a provider writes tools and schemas into the prompt is not public, so these are always bounded.
    private static long Declarations(ChatOptions options)
    {
        long sum = 0;
        foreach (AITool tool in options.Tools ?? [])
        {
            sum += TokensPerMessage + CostBounds.Bytes(tool.Name) + CostBounds.Bytes(tool.Description);
            sum += tool is AIFunctionDeclaration function ? CostBounds.Bytes(function.JsonSchema.GetRawText()) : 0;
        }

        if (options.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } format)
        {
            sum += TokensPerMessage + CostBounds.Bytes(schema.GetRawText()) + CostBounds.Bytes(format.SchemaName) + CostBounds.Bytes(format.SchemaDescription);
        }

        return sum;
    }

    public static TokenEncoding? EncodingOf(InputCounting counting) => counting switch
    {
        InputCounting.O200kBase => TokenEncoding.O200kBase,
        InputCounting.Cl100kBase => TokenEncoding.Cl100kBase,
        _ => null,
    };

    public static long TokensOf(string? text, TokenEncoding? encoding) =>
        string.IsNullOrEmpty(text) ? 0 : encoding is null ? CostBounds.Bytes(text) : encoding.Count(text);
}
