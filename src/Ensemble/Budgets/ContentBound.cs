using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Bounds the tokens of one content of a message.</summary>
internal static class ContentBound
{
    public static long Tokens(AIContent content, long tokensPerImage) => content switch
    {
        TextContent text => CostBounds.Bytes(text.Text),
        TextReasoningContent reasoning => CostBounds.Bytes(reasoning.Text) + CostBounds.Bytes(reasoning.ProtectedData),
        FunctionCallContent call => CostBounds.Bytes(call.CallId) + CostBounds.Bytes(call.Name) + Arguments(call.Arguments),
        FunctionResultContent result => CostBounds.Bytes(result.CallId) + Value(result.Result),
        DataContent data when data.HasTopLevelMediaType("image") => tokensPerImage,
        UriContent uri when uri.HasTopLevelMediaType("image") => tokensPerImage,
        DataContent data => data.Data.Length,
        _ => 0,
    };

    private static long Arguments(IDictionary<string, object?>? arguments) =>
        arguments?.Sum(argument => CostBounds.Bytes(argument.Key) + Value(argument.Value) + 4) ?? 0;

    private static long Value(object? value) => value switch
    {
        null => 4,
        string text => CostBounds.Bytes(JsonEncodedText.Encode(text).Value) + 2,
        JsonElement json => CostBounds.Bytes(json.GetRawText()),
        _ => CostBounds.Bytes(JsonSerializer.Serialize(value, AIJsonUtilities.DefaultOptions.GetTypeInfo(value.GetType()))),
    };
}
