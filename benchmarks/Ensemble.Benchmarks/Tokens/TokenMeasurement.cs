using System.Text.Json.Serialization;

namespace Ensemble.Benchmarks.Tokens;

/// <summary>What one counter did with one text. Rates are in millions of UTF-8 bytes a second.</summary>
internal sealed record TokenMeasurement(
    string File,
    string Encoding,
    string Counter,
    string Input,
    long Bytes,
    long Tokens,
    double FirstPass,
    double WarmBest,
    double WarmMedian,
    long FirstPassAllocated,
    long WarmAllocated);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(TokenMeasurement))]
internal sealed partial class TokenMeasurementJson : JsonSerializerContext;
