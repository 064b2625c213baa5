using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Reads what a provider said about an answer beside the answer.</summary>
public static class ProviderInfoExtensions
{
    /// <summary>Reads it from a whole answer, or from a streamed one after <c>ToChatResponse()</c>.</summary>
    /// <param name="response">The answer.</param>
    /// <returns>The information, or <see langword="null"/> when no hosted model of this package answered.</returns>
    public static ProviderInfo? GetProviderInfo(this ChatResponse response)
    {
        ArgumentNullException.ThrowIfNull(response);
        return ProviderInfo.Read(response.AdditionalProperties);
    }

    /// <summary>Reads it from the last update of a stream.</summary>
    /// <param name="update">The update.</param>
    /// <returns>The information, or <see langword="null"/> when this update carries none.</returns>
    public static ProviderInfo? GetProviderInfo(this ChatResponseUpdate update)
    {
        ArgumentNullException.ThrowIfNull(update);
        return ProviderInfo.Read(update.AdditionalProperties);
    }
}
