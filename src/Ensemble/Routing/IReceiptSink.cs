namespace Ensemble;

/// <summary>Takes receipts that have nobody left to read them: those of streams that their caller abandoned, of a composition or of a model that is asked by its own name. Calls may come from many threads at once.</summary>
public interface IReceiptSink
{
    /// <summary>Takes the receipt of an abandoned request; what it throws is logged and dropped.</summary>
    /// <param name="receipt">The receipt.</param>
    void Accept(Receipt receipt);
}
