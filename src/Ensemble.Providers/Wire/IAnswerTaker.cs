namespace Ensemble;

/// <summary>Takes an answer that the guard lets pass, in the form that the SDK above reads.</summary>
internal interface IAnswerTaker
{
    /// <summary>Takes an answer that was read to its end and checked.</summary>
    void Take(HttpResponseMessage response, byte[] whole);

    /// <summary>Takes an answer that is checked as it is read.</summary>
    void Take(HttpResponseMessage response, GuardedStream stream);
}
