using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The JSON of what an ensemble puts on answers and options; source-generated, so that it works ahead of time too.</summary>
public static class EnsembleJson
{
    /// <summary>Gets options that know the platform's chat types and those of Ensemble; hand them to a response cache (<c>DistributedCachingChatClient.JsonSerializerOptions</c>).</summary>
    public static JsonSerializerOptions Options { get; } = Create();

    /// <summary>Gets the contract of a receipt, to be combined with an application's own contracts.</summary>
    public static JsonTypeInfo<Receipt> Receipt => (JsonTypeInfo<Receipt>)Options.GetTypeInfo(typeof(Receipt));

    /// <summary>Gets the contracts of Ensemble alone, for the chain of an application's own options.</summary>
    public static IJsonTypeInfoResolver Resolver => EnsembleJsonContext.Default;

    /// <summary>Reads a receipt that a cache brings back.</summary>
    internal static Receipt? ReadReplayed(JsonElement json)
    {
        try
        {
            return json.Deserialize(EnsembleJsonContext.Default.ReceiptDocument)?.ToReceipt(replayed: true);
        }
        catch (JsonException)
        {
            // Somebody else's object under our key, or one of a later version: an answer without a receipt is still an answer.
            return null;
        }
    }

    private static JsonSerializerOptions Create()
    {
        JsonSerializerOptions options = new(AIJsonUtilities.DefaultOptions) { WriteIndented = false };
        options.TypeInfoResolverChain.Insert(0, EnsembleJsonContext.Default);
        options.MakeReadOnly();
        return options;
    }
}
