using System.Text.Json;
using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Bounds the tokens of one content of a message.</summary>
internal static class ContentBound
{
    /// <summary>Bounds the tokens of a content.</summary>
    /// <param name="content">The content.</param>
    /// <param name="tokensPerImage">What an image takes at most.</param>
    /// <param name="encoding">Counts text; <see langword="null"/> bounds it by its bytes.</param>
    public static long Tokens(AIContent content, long tokensPerImage, TokenEncoding? encoding = null) => content switch
    {
        TextContent text => InputBound.TokensOf(text.Text, encoding),
        TextReasoningContent reasoning => InputBound.TokensOf(reasoning.Text, encoding) + CostBounds.Bytes(reasoning.ProtectedData),
        FunctionCallContent call => CostBounds.Bytes(call.CallId) + InputBound.TokensOf(call.Name, encoding) + Arguments(call.Arguments, encoding),
        FunctionResultContent { Result: AIContent or IEnumerable<AIContent> } result => CostBounds.Bytes(result.CallId) + Parts(result, tokensPerImage, encoding),
        FunctionResultContent { Result: string text } result => CostBounds.Bytes(result.CallId) + InputBound.TokensOf(text, encoding) + 2,
        FunctionResultContent result => CostBounds.Bytes(result.CallId) + Value(result.Result, encoding),
        DataContent data when data.HasTopLevelMediaType("image") => tokensPerImage,
        UriContent uri when uri.HasTopLevelMediaType("image") => tokensPerImage,

        // A file of bytes is at most so many tokens as text, and pages and sound take fewer.
        DataContent data => data.Data.Length + CostBounds.Bytes(data.Name) + CostBounds.Bytes(data.MediaType),
        UriContent uri => CostBounds.Bytes(uri.Uri.OriginalString) + CostBounds.Bytes(uri.MediaType),
        ErrorContent error => CostBounds.Bytes(error.Message) + CostBounds.Bytes(error.Details),
        _ => 0,
    };

    /// <summary>Lists the contents that a tool has returned, an image for instance; empty when it returned a value.</summary>
    public static IEnumerable<AIContent> ContentsOf(FunctionResultContent result) => result.Result switch
    {
        AIContent one => [one],
        IEnumerable<AIContent> several => several,
        _ => [],
    };

    // A lambda here would be made for every content, also for those that are no results.
    private static long Parts(FunctionResultContent result, long tokensPerImage, TokenEncoding? encoding)
    {
        long sum = 0;
        foreach (AIContent part in ContentsOf(result))
        {
            sum += Tokens(part, tokensPerImage, encoding);
        }

        return sum;
    }

    private static long Arguments(IDictionary<string, object?>? arguments, TokenEncoding? encoding) =>
        arguments is null ? 0 : arguments.Sum(argument => InputBound.TokensOf(argument.Key, encoding) + Value(argument.Value, encoding) + 4);

    private static long Value(object? value, TokenEncoding? encoding) => value switch
    {
        null => 4,
        string text => InputBound.TokensOf(JsonEncodedText.Encode(text).Value, encoding) + 2,
        JsonElement json => InputBound.TokensOf(json.GetRawText(), encoding),
        _ when AIJsonUtilities.DefaultOptions.TryGetTypeInfo(value.GetType(), out var type) => InputBound.TokensOf(JsonSerializer.Serialize(value, type), encoding),
        _ => InputBound.TokensOf(value.ToString(), encoding),
    };
}
