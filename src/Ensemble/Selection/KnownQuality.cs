using System.Globalization;

namespace Ensemble;

/// <summary>What a user has said of the quality of a model.</summary>
/// <param name="Model">The name under which the model is registered.</param>
/// <param name="Quality">The share of right answers in every domain that is not named, and of requests that name none.</param>
/// <param name="ByDomain">The share by domain.</param>
internal readonly record struct KnownQuality(string Model, double? Quality, IEnumerable<KeyValuePair<string, double>> ByDomain)
{
    /// <summary>
    /// Gets the line to add under <c>Ensemble:Models</c>; nothing when quality can decide for every request. One of some domains only cannot:
    /// the model would be left out of every request of another domain, and of all that name none.
    /// </summary>
    public string? Missing =>
        Quality is not null ? null
        : !ByDomain.Any() ? $"\"{Model}\": {{ \"Quality\": 0.0 }}"
        : $"\"{Model}\": {{ \"Quality\": {{ \"Default\": 0.0, {string.Join(", ", ByDomain.Select(domain => string.Create(CultureInfo.InvariantCulture, $"\"{domain.Key}\": {domain.Value}")))} }} }}";
}
