namespace Ensemble;

/// <summary>Puts the proof of identity on a request right before it leaves, so that no SDK ever holds it.</summary>
internal interface ICredential
{
    ValueTask ApplyAsync(HttpRequestMessage request, CancellationToken cancellationToken);

    /// <summary>Takes the secret out of a text that a server or an SDK wrote.</summary>
    string Redact(string text);

    /// <summary>Whether a text shows the secret.</summary>
    bool IsShownBy(string text);
}
