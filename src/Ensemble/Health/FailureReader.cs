using System.Globalization;
using System.Net.Http;

namespace Ensemble;

/// <summary>Tells what an exception of a member means: what ours say about themselves, then the classifiers of packages, then the default.</summary>
internal sealed class FailureReader(IReadOnlyList<IFailureClassifier> classifiers)
{
    public Failure Read(Exception exception)
    {
        if (exception is EnsembleException own)
        {
            return new Failure(own.FailureClass, own.RetryAfter);
        }

        foreach (IFailureClassifier classifier in classifiers)
        {
            if (classifier.TryClassify(exception, out Failure? known))
            {
                return known.Value;
            }
        }

        return DefaultFailureClassifier.Classify(exception);
    }

    /// <summary>Describes an exception for receipts and logs. Only our own messages are repeated: those of others may quote the prompt.</summary>
    public static string Describe(Exception exception) => exception switch
    {
        EnsembleException own => own.Message,
        HttpRequestException { StatusCode: { } status } => string.Create(CultureInfo.InvariantCulture, $"HTTP {(int)status}"),
        _ => exception.GetType().Name,
    };
}
