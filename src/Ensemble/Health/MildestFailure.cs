namespace Ensemble;

/// <summary>Finds the mildest of several failures: the one that passes first, and so the one that a caller who comes back meets last.</summary>
internal struct MildestFailure
{
    // From what passes by itself to what somebody has to mend.
    private static readonly FailureClass[] Order =
    [
        FailureClass.Overloaded, FailureClass.RateLimited, FailureClass.Timeout, FailureClass.Transport, FailureClass.Empty, FailureClass.Protocol, FailureClass.Unknown,
        FailureClass.PromptTooLong, FailureClass.QuotaExhausted, FailureClass.ModelNotFound, FailureClass.Forbidden, FailureClass.Unauthorized,
        FailureClass.OutputLimit, FailureClass.ContentFilter, FailureClass.UnsupportedOption, FailureClass.BadRequest, FailureClass.Cancelled,
    ];

    private FailureClass? _class;

    /// <summary>Gets the class; <see langword="null"/> when nothing has failed.</summary>
    public readonly FailureClass? Class => _class;

    /// <summary>Finds the mildest failure of a receipt.</summary>
    /// <param name="receipt">The receipt.</param>
    /// <param name="passedOver">Why members were not asked.</param>
    public static FailureClass Of(Receipt receipt, FailureClass? passedOver = null)
    {
        MildestFailure mildest = new() { _class = passedOver };
        foreach (Attempt attempt in receipt.Attempts)
        {
            if (attempt.Failure is { } failure)
            {
                mildest.Add(failure);
            }
        }

        return mildest.Class ?? FailureClass.Unknown;
    }

    /// <summary>Adds a failure.</summary>
    public void Add(FailureClass failure)
    {
        if (_class is not { } known || Array.IndexOf(Order, failure) < Array.IndexOf(Order, known))
        {
            _class = failure;
        }
    }
}
