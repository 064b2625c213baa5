using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Puts what a caller asks of the ensemble into <see cref="ChatOptions"/>, and reads it.</summary>
public static class EnsembleRequestExtensions
{
    /// <summary>The key under which the request stands in <see cref="ChatOptions.AdditionalProperties"/>.</summary>
    public const string RequestKey = "ensemble.request";

    /// <summary>Returns a copy of the options with a changed request: <c>options.WithEnsemble(r =&gt; r with { Tenant = "acme" })</c>.</summary>
    /// <param name="options">The options to copy; <see langword="null"/> starts from none.</param>
    /// <param name="change">Changes the request that the options held, or an empty one.</param>
    /// <returns>The copy.</returns>
    public static ChatOptions WithEnsemble(this ChatOptions? options, Func<EnsembleRequest, EnsembleRequest> change)
    {
        ArgumentNullException.ThrowIfNull(change);
        ChatOptions copy = options?.Clone() ?? new ChatOptions();
        EnsembleRequest request = change(options.GetEnsembleRequest() ?? new EnsembleRequest());
        copy.AdditionalProperties = copy.AdditionalProperties is { } old ? new(old) : [];
        copy.AdditionalProperties[RequestKey] = request;
        return copy;
    }

    /// <summary>Reads what the options ask of the ensemble.</summary>
    /// <param name="options">The options of a request.</param>
    /// <returns>The request, or <see langword="null"/> when nothing was asked.</returns>
    /// <exception cref="UnsupportedOptionException">Something else stands in its place, such as JSON of options that were stored: its rules would be lost.</exception>
    public static EnsembleRequest? GetEnsembleRequest(this ChatOptions? options) =>
        options?.AdditionalProperties is { } properties && properties.TryGetValue(RequestKey, out object? value) && value is not null
            ? value as EnsembleRequest ?? throw new UnsupportedOptionException($"AdditionalProperties[\"{RequestKey}\"] is a {value.GetType().Name}, and what it requires cannot be read; set it with WithEnsemble(…) where the request is made.")
            : null;
}
