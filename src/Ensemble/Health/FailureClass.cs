namespace Ensemble;

/// <summary>Says what went wrong with one attempt; the class decides where the request may go next (see <see cref="FailureScope"/>).</summary>
public enum FailureClass
{
    /// <summary>The cause could not be told; treated like <see cref="Transport"/>.</summary>
    Unknown = 0,

    /// <summary>The request is malformed; no other member would take it either.</summary>
    BadRequest,

    /// <summary>The request asks for an option that the member cannot honour.</summary>
    UnsupportedOption,

    /// <summary>The prompt or the answer was refused by a content filter.</summary>
    ContentFilter,

    /// <summary>The output limit was reached before any text appeared.</summary>
    OutputLimit,

    /// <summary>The prompt does not fit the member's context window.</summary>
    PromptTooLong,

    /// <summary>The key is missing or wrong (HTTP 401).</summary>
    Unauthorized,

    /// <summary>The key may not use this model (HTTP 403).</summary>
    Forbidden,

    /// <summary>The account's balance or quota is used up (HTTP 402, or a body that says so).</summary>
    QuotaExhausted,

    /// <summary>The deployment does not know the model (HTTP 404), or a local model cannot be loaded.</summary>
    ModelNotFound,

    /// <summary>Too many requests for now (HTTP 429).</summary>
    RateLimited,

    /// <summary>The member is overloaded (HTTP 503, 529, or a full local queue).</summary>
    Overloaded,

    /// <summary>The attempt took longer than it was given.</summary>
    Timeout,

    /// <summary>The connection failed, or the server did (HTTP 5xx).</summary>
    Transport,

    /// <summary>The answer is malformed, truncated, or breaks the protocol.</summary>
    Protocol,

    /// <summary>The member answered without any content.</summary>
    Empty,

    /// <summary>The caller cancelled; never counted as the member's failure.</summary>
    Cancelled,

    /// <summary>The ledger could not set money aside; nobody was asked, and no other member is.</summary>
    Ledger,
}
