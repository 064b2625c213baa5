using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// The money of one call to a model: reserved before it leaves, closed exactly once however it ends. What the provider reports is booked;
/// without a report what was counted here; and when nothing came back that could be counted, the reserve.
/// </summary>
internal sealed class ModelPayment
{
    // A call without a deadline; a reservation that is older is taken for that of a process that died.
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    // What a cap cannot pay more of is no answer; OpenAI's Responses API takes no lower limit either.
    private const long LeastOutputTokens = 16;

    private readonly Ledger? _ledger;
    private readonly Booking? _booking;
    private readonly Price _price;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly string? _cut;

    private ModelPayment(Price price, IReadOnlyList<ChatMessage> messages, ChatOptions? options, Ledger? ledger = null, Booking? booking = null, string? cut = null) =>
        (_price, _messages, Options, _ledger, _booking, _cut) = (price, messages, options, ledger, booking, cut);

    /// <summary>Gets the options of the call, with the output limit that the money pays for.</summary>
    public ChatOptions? Options { get; }

    /// <summary>Gets what the call has cost; <see langword="null"/> before it is closed, and when the price is unknown.</summary>
    public decimal? CostUsd { get; private set; }

    /// <summary>Gets where the figures of the booking come from.</summary>
    public UsageSource Source { get; private set; }

    /// <summary>Gets what a reader of the receipt should know of the money.</summary>
    public string? Note { get; private set; }

    /// <summary>Reserves what the call can cost at most.</summary>
    /// <param name="model">The model.</param>
    /// <param name="price">Its price.</param>
    /// <param name="runtime">Whose ledger pays.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of the request.</param>
    /// <param name="modelLimit">The most tokens that the model can answer with; <see langword="null"/> when nobody knows.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="BudgetExceededException">A budget cannot pay, or cannot tell because the price is unknown.</exception>
    public static async ValueTask<ModelPayment> ReserveAsync(
        string model, Price price, EnsembleRuntime runtime, IReadOnlyList<ChatMessage> messages, ChatOptions? options, long? modelLimit, CancellationToken cancellationToken)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        Ledger? ledger = request is { Envelope: not null } or { MaxUsd: not null } ? runtime.Ledger ?? runtime.RequestLedger : runtime.Ledger;
        if (ledger is null)
        {
            return new ModelPayment(price, messages, options);
        }

        SpendContext spend = request?.Envelope?.Spend ?? new SpendContext { Tenant = request?.Tenant, ConversationId = options?.ConversationId, CapUsd = request?.MaxUsd };
        IReadOnlyList<string> named = request?.Budgets ?? [];
        decimal most = 0;
        string? cut = null;
        if (ledger.Limits(spend))
        {
            if (!price.IsKnown)
            {
                throw new BudgetExceededException($"The price of '{model}' is unknown, so no budget can tell whether it pays. Give the model a price, or leave it out where spending is capped.");
            }

            long input = CostBounds.UpperInputTokens(messages, options);
            long? output = options?.MaxOutputTokens;
            if (output is null && CostBounds.UpperUsd(price, 0, 1) > 0)
            {
                decimal? left = await ledger.GetRemainingUsdAsync(spend, model, named, cancellationToken).ConfigureAwait(false);
                long limit = modelLimit ?? long.MaxValue;
                long pays = left is { } usd ? CostBounds.AffordableOutputTokens(price, input, usd) ?? 0 : long.MaxValue;
                if (pays < LeastOutputTokens)
                {
                    // The reservation is refused for this; where the budget lets the call pass nevertheless, it is not cut.
                    output = modelLimit ?? LeastOutputTokens;
                }
                else if (pays < limit)
                {
                    output = Math.Min(pays, int.MaxValue);
                    options = options?.Clone() ?? new ChatOptions();
                    options.MaxOutputTokens = (int)output;
                    cut = $"the answer was limited to {output} tokens, what the budget pays";
                }
                else
                {
                    output = modelLimit;
                }
            }

            most = CostBounds.UpperUsd(price, input, output ?? 0) ?? 0;
        }

        Booking booking = await ledger.ReserveAsync(spend, model, most, request?.Envelope?.TimeLeft + AttemptStop.Grace ?? LongestCall, named, cancellationToken).ConfigureAwait(false);
        return new ModelPayment(price, messages, options, ledger, booking, cut);
    }

    /// <summary>Closes the payment of a call that answered, or that sent something before it broke.</summary>
    /// <param name="usage">What the provider reported; <see langword="null"/> for nothing.</param>
    /// <param name="received">The text that came.</param>
    public ValueTask SettleAsync(UsageDetails? usage, string received)
    {
        long input, output, cached = 0, reasoning = 0;
        if (usage is { InputTokenCount: { } reportedInput, OutputTokenCount: { } reportedOutput })
        {
            (input, output, Source) = (Math.Max(0, reportedInput), Math.Max(0, reportedOutput), UsageSource.Reported);

            // Providers disagree on whether the parts are within the whole; what is more than the whole is billed at the plain rate.
            cached = Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, input);
            reasoning = Math.Clamp(usage.ReasoningTokenCount ?? 0, 0, output);
        }
        else
        {
            input = new RequestProfile(_messages, Options).GetInputTokens(InputCounting.O200kBase);
            (output, Source) = (TokenEncoding.O200kBase.Count(received), UsageSource.Counted);
        }

        return CloseAsync(_price.CostUsd(input, output, cached, reasoningTokens: reasoning), input, output, cached);
    }

    /// <summary>Closes the payment of a call of which nobody knows what it did: the reserve is taken for spent.</summary>
    public ValueTask ForfeitAsync()
    {
        Source = UsageSource.Reserved;
        return CloseAsync(_booking?.ReservedUsd ?? (_price.CostUsd(0, 1) == 0 ? 0m : null), 0, 0, 0);
    }

    /// <summary>Closes the payment of a call that was refused before it cost anything.</summary>
    public async ValueTask ReleaseAsync()
    {
        CostUsd = 0;
        if (_booking is not null)
        {
            // The caller may have left, but the money must come back: no token.
            _ = await _ledger!.ReleaseAsync(_booking, CancellationToken.None).ConfigureAwait(false);
        }
    }

    private async ValueTask CloseAsync(decimal? usd, long input, long output, long cached)
    {
        CostUsd = usd;
        Note = _cut;
        if (_booking is null)
        {
            return;
        }

        SettleOutcome outcome = await _ledger!.SettleAsync(_booking, usd, input, output, cached, Source, CancellationToken.None).ConfigureAwait(false);
        string? over = outcome is SettleOutcome.OverReserve ? "OverReserve: it cost more than was reserved" : null;
        decimal? left = _ledger.Limits(_booking.Context) ? await _ledger.GetRemainingUsdAsync(_booking.Context, _booking.Model, _booking.Named, CancellationToken.None).ConfigureAwait(false) : null;
        string? budget = left is { } rest ? string.Create(System.Globalization.CultureInfo.InvariantCulture, $"budget left ${rest:0.######}") : null;
        string? passed = _booking.PassedBudget is { } name ? $"budget '{name}' was exhausted, and this call was allowed to pass it" : null;
        string joined = string.Join("; ", new[] { _cut, passed, over, budget }.Where(static part => part is not null));
        Note = joined.Length == 0 ? null : joined;
    }
}
