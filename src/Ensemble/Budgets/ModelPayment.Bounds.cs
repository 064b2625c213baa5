namespace Ensemble;

// What a call can cost at most, a repair included.
internal sealed partial class ModelPayment
{
    // What a leaf says around a schema, and of an answer that does not fit it, in tokens.
    private const long RepairFrame = 256;

    private long? ImageTokens => Facts?.Card.ImageTokens ?? _model!.Card?.ImageTokens;

    // Null when nobody here can tell: an image of a model whose card does not say, a file that lies elsewhere.
    private long? InputTokens()
    {
        PromptMedia media = PromptMedia.Of(_messages);
        return media.IsUnbounded || (media.Images > 0 && ImageTokens is null) ? null : CostBounds.UpperInputTokens(_messages, Options, ImageTokens ?? 0);
    }

    // What the call can cost at most; null when nobody can tell.
    private decimal? Most()
    {
        Price price = _model!.Price;
        return CostBounds.Rates(price, 0) is (0, 0) && price.Tiers.Count == 0 ? 0m
            : ((long?)Options?.MaxOutputTokens ?? _model.OutputLimit) is { } output && InputTokens() is { } input ? UpperUsd(price, input, output)
            : null;
    }

    private bool MayBeRepaired => _model!.RepairsAnswers(Options);

    // A repair sends the prompt again, with the answer that does not fit and what is wrong with it, which may quote it.
    private decimal? UpperUsd(Price price, long input, long output) =>
        MayBeRepaired ? CostBounds.UpperUsd(price, (2 * input) + (2 * output) + RepairFrame, 2 * output) : CostBounds.UpperUsd(price, input, output);

    private long AffordableOutputTokens(Price price, long input, decimal usd)
    {
        if (!MayBeRepaired || CostBounds.Rates(price, long.MaxValue) is not var (inputRate, outputRate))
        {
            return CostBounds.AffordableOutputTokens(price, input, usd) ?? 0;
        }

        decimal left = (usd * 1_000_000m) - (((2 * input) + RepairFrame) * inputRate);
        return left < 0 ? 0 : (long)Math.Min(decimal.Floor(left / (2 * (inputRate + outputRate))), int.MaxValue);
    }
}
