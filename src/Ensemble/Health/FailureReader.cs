using System.Globalization;
using System.Net.Http;

namespace Ensemble;

/// <summary>Tells what an exception of a member means: what ours say about themselves, then the classifiers of packages, then the default.</summary>
/// <param name="classifiers">Those of packages, asked in order.</param>
/// <param name="time">The clock for waits that are stated as a date; <see langword="null"/> for the system's.</param>
internal sealed class FailureReader(IReadOnlyList<IFailureClassifier> classifiers, TimeProvider? time = null)
{
    public Failure Read(Exception exception)
    {
        if (exception is ModelHttpException http)
        {
            return new Failure(http.FailureClass, http.GetRetryAfter((time ?? TimeProvider.System).GetUtcNow()));
        }

        if (exception is EnsembleException own)
        {
            return new Failure(own.FailureClass, own.RetryAfter);
        }

        foreach (IFailureClassifier classifier in classifiers)
        {
            if (Ask(classifier, exception) is { } known)
            {
                return known;
            }
        }

        return DefaultFailureClassifier.Classify(exception);
    }

    // Where the reason of a failure is looked for, a second one must not take the first one's place: the request would end without its receipt and keep its places.
    private static Failure? Ask(IFailureClassifier classifier, Exception exception)
    {
        try
        {
            return classifier.TryClassify(exception, out Failure? known) ? known : null;
        }
        catch (Exception)
        {
            return null;
        }
    }

    /// <summary>Describes an exception for receipts and logs. Only our own messages are repeated: those of others may quote the prompt.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        EnsembleException own => own.Message,
        HttpRequestException { StatusCode: { } status } => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}"),
        _ => exception.GetType().Name,
    };
}
