namespace Ensemble;

/// <summary>Tells a broken connection from a broken answer.</summary>
internal static class WireFaults
{
    /// <summary>An answer that ends early or cannot be unpacked breaks the protocol; everything else is the connection.</summary>
    public static FailureClass Classify(Exception error) => error switch
    {
        InvalidDataException => FailureClass.Protocol,
        HttpIOException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse } => FailureClass.Protocol,
        HttpRequestException { HttpRequestError: HttpRequestError.ResponseEnded or HttpRequestError.InvalidResponse or HttpRequestError.ConfigurationLimitExceeded } => FailureClass.Protocol,
        { InnerException: { } inner } => Classify(inner),
        _ => FailureClass.Transport,
    };
}
