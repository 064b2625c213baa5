using Microsoft.Extensions.Configuration;

namespace Ensemble;

/// <summary>Finds a key: a setting of the model, then the configuration (user secrets among it), then the environment.</summary>
internal static class KeySource
{
    public static Secret? FindVariable(string variable, IConfiguration? configuration)
    {
        string? value = configuration?[variable];
        if (string.IsNullOrWhiteSpace(value))
        {
            value = Environment.GetEnvironmentVariable(variable);
        }

        return string.IsNullOrWhiteSpace(value) ? null : new Secret(value);
    }
}
