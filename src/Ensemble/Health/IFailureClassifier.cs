using System.Diagnostics.CodeAnalysis;

namespace Ensemble;

/// <summary>Tells the engine what an exception of a member means; provider packages implement it, because the engine knows no SDK.</summary>
public interface IFailureClassifier
{
    /// <summary>Classifies an exception that a member threw. A classifier that throws itself is passed over, like one that does not know the exception.</summary>
    /// <param name="exception">What the member threw.</param>
    /// <param name="failure">The failure, when this classifier knows the exception.</param>
    /// <returns><see langword="true"/> when this classifier knows the exception; otherwise the next classifier is asked.</returns>
    bool TryClassify(Exception exception, [NotNullWhen(true)] out Failure? failure);
}
