using Microsoft.SemanticKernel;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>A plugin that remembers what it was asked.</summary>
internal sealed class WeatherPlugin
{
    public List<(string City, int Days)> Asked { get; } = [];

    [KernelFunction("forecast")]
    [System.ComponentModel.Description("Gets the weather of the coming days.")]
    public string Forecast(string city, int days)
    {
        Asked.Add((city, days));
        return $"sunny in {city}";
    }
}
