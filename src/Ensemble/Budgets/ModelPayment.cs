using System.Globalization;
using Ensemble.Tokenization;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>
/// The money of one call to a model: reserved before it leaves, closed exactly once however it ends. What the provider reports is booked;
/// without a report what was counted here; and when nothing came back that could be counted, the reserve.
/// </summary>
internal sealed partial class ModelPayment
{
    // A call without a deadline; a reservation that is older is taken for that of a process that died.
    private static readonly TimeSpan LongestCall = TimeSpan.FromHours(1);

    // What a cap cannot pay more of is no answer; OpenAI's Responses API takes no lower limit either.
    private const long LeastOutputTokens = 16;

    private readonly EnsembleRequest? _request;
    private readonly Envelope? _envelope;
    private ModelChatClient? _model;
    private Booking? _booking;
    private IReadOnlyList<ChatMessage> _messages = [];
    private string? _remarks;

    // Whether the reserve is all that the call can cost.
    private bool _isBounded;

    /// <summary>Creates the payment of a call that nothing is reserved for yet.</summary>
    /// <param name="request">What the caller asks of the ensemble.</param>
    /// <param name="envelope">What the request runs in.</param>
    /// <param name="start">When the call began, as a timestamp of the runtime's clock.</param>
    public ModelPayment(EnsembleRequest? request, Envelope? envelope, long start) => (_request, _envelope, Start) = (request, envelope, start);

    /// <summary>Gets what the caller asks of the ensemble.</summary>
    public EnsembleRequest? Request => _request;

    /// <summary>Gets what holds for the call, when the router that pays knows; <see langword="null"/> for what the request itself says.</summary>
    public RequestRules? Rules { get; init; }

    /// <summary>Gets what the router that pays knows of the model; <see langword="null"/> for what the model says of itself.</summary>
    public Candidate? Facts { get; init; }

    /// <summary>Gets whether the call is made beside another for speed only: then nobody decides that it may pass a cap.</summary>
    public bool IsBeside { get; init; }

    /// <summary>Says whether money limits the call: a budget, or what the caller allows for the request.</summary>
    public bool IsCapped(ModelChatClient model, ChatOptions? options)
    {
        SpendContext? spend = _envelope?.Spend;
        return LedgerOf(model, spend) is { } ledger && ledger.Limits(spend ?? Context(ledger, options));
    }

    /// <summary>Gets when the call began.</summary>
    public long Start { get; }

    /// <summary>Gets the options of the call, with the output limit that the money pays for.</summary>
    public ChatOptions? Options { get; private set; }

    /// <summary>Gets what the call has cost; <see langword="null"/> before it is closed, and when the price is unknown.</summary>
    public decimal? CostUsd { get; private set; }

    /// <summary>Gets where the figures of the booking come from.</summary>
    public UsageSource Source { get; private set; }

    /// <summary>Gets the tokens that were booked when the provider had reported a part of them only; <see langword="null"/> when it had reported all, or nothing.</summary>
    public UsageDetails? Corrected { get; private set; }

    /// <summary>Gets what a reader of the receipt should know of the call: what the leaf says, then what is to be said of the money.</summary>
    public string? Remarks => Join(LeafNote, _remarks);

    /// <summary>Gets or sets what the leaf says about its answer.</summary>
    public string? LeafNote { get; set; }

    /// <summary>Gets what is to be said of the cost while the call, which was given up, has not come back; <see langword="null"/> once it is closed, and where nobody knows its bound.</summary>
    public string? OpenNote => CostUsd is null && _isBounded && _booking is { IsClosed: false } booking
        ? string.Create(CultureInfo.InvariantCulture, $"it has not come back, and is booked when it does, or with the ${booking.ReservedUsd:0.######} that it can cost at most")
        : null;

    /// <summary>Gets whether money is set aside for the call.</summary>
    public bool IsOpen => _booking is { IsClosed: false };

    /// <summary>Says that nothing was sent: no money could be set aside, or the time was over.</summary>
    public void NeverLeft() => CostUsd = 0;

    /// <summary>Gets what the tightest budget could still pay when the call was closed; <see langword="null"/> when no budget concerns it.</summary>
    public long? LeftNanoUsd { get; private set; }

    // Whichever reserved.
    private Ledger Ledger => _model!.Runtime.Ledger ?? _model.Runtime.RequestLedger;

    /// <summary>Reserves what the call can cost at most.</summary>
    /// <param name="model">The model, whose price counts and whose runtime's ledger pays.</param>
    /// <param name="messages">The conversation.</param>
    /// <param name="options">The options of the request.</param>
    /// <param name="cancellationToken">The caller's token.</param>
    /// <exception cref="BudgetExceededException">A budget cannot pay, or cannot tell because the price is unknown.</exception>
    public ValueTask ReserveAsync(ModelChatClient model, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        (_model, _messages, Options) = (model, messages, options);
        SpendContext? spend = _envelope?.Spend;
        Ledger? ledger = LedgerOf(model, spend);
        if (ledger is null)
        {
            return ValueTask.CompletedTask;
        }

        spend ??= Context(ledger, options);
        if (!ledger.Limits(spend))
        {
            // Nothing can refuse it, but of a call that is given up the bound is what is booked.
            decimal? most = Most();
            _isBounded = most is not null;
            return ReserveAsync(ledger, spend, model, most ?? 0, cancellationToken);
        }

        Price price = model.Price;
        if (!price.IsKnown)
        {
            throw new BudgetExceededException($"The price of '{model.Account}' is unknown, so no budget can tell whether it pays. Give the model a price, or leave it out where spending is capped.");
        }

        if (InputTokens() is not { } input)
        {
            if (CostBounds.Rates(price, long.MaxValue) is not (0, _))
            {
                throw Unbounded();
            }

            input = 0;
        }

        _isBounded = true;
        return options?.MaxOutputTokens is null && price.OutputPerMillion > 0
            ? ReserveCutAsync(ledger, spend, model, input, cancellationToken)
            : ReserveAsync(ledger, spend, model, UpperUsd(price, input, options?.MaxOutputTokens ?? 0) ?? 0, cancellationToken);
    }

    /// <summary>Closes the payment of a call that answered in whole.</summary>
    /// <param name="response">The answer.</param>
    public ValueTask SettleAsync(ChatResponse response)
    {
        LeafNote = LeafNotes.Read(response.AdditionalProperties);
        UsageDetails? usage = response.Usage;
        if (usage is null && IsSilent(response))
        {
            // Nothing came that could be counted, and nothing was reported: it may have been thought, and billed, to the limit.
            return ForfeitAsync();
        }

        return SettleAsync(usage, usage is { InputTokenCount: not null, OutputTokenCount: not null } ? "" : TextOf(response));
    }

    /// <summary>Closes the payment of a call that answered, or that sent something before it broke.</summary>
    /// <param name="usage">What the provider reported; <see langword="null"/> for nothing.</param>
    /// <param name="received">The text that came, its reasoning too.</param>
    /// <param name="hasEnded">Whether it came to its end. Some providers report at the start of a stream, and what they say of the answer then is of its beginning only.</param>
    public ValueTask SettleAsync(UsageDetails? usage, string received, bool hasEnded = true)
    {
        long input, output, cached = 0, written = 0, images = 0, reasoning = 0;
        if (usage is { InputTokenCount: { } reportedInput, OutputTokenCount: { } reportedOutput })
        {
            (input, output, Source) = (Math.Max(0, reportedInput), Math.Max(0, reportedOutput), UsageSource.Reported);

            // Providers disagree on whether the parts are within the whole; what is more than the whole is billed at the plain rate.
            cached = Math.Clamp(usage.CachedInputTokenCount ?? 0, 0, input);
            reasoning = Math.Clamp(usage.ReasoningTokenCount ?? 0, 0, output);
            written = Math.Clamp(UsageParts.CacheWriteTokens(usage), 0, input - cached);
            images = Math.Clamp(UsageParts.ImageTokens(usage), 0, input - cached - written);
            if (!hasEnded && TokenEncoding.O200kBase.Count(received) is var came && came > output)
            {
                (output, Source) = (came, UsageSource.Counted);
                Corrected = new UsageDetails { InputTokenCount = input, CachedInputTokenCount = usage.CachedInputTokenCount, OutputTokenCount = output };
            }
        }
        else
        {
            PromptMedia media = PromptMedia.Of(_messages);
            if (usage?.InputTokenCount is null && (media.IsUnbounded || (media.Images > 0 && ImageTokens is null)))
            {
                // What nobody reported cannot be counted here either.
                return ForfeitAsync();
            }

            input = Math.Max(0, usage?.InputTokenCount ?? (new RequestProfile(_messages, Options).GetInputTokens(InputCounting.O200kBase) + (media.Images * (ImageTokens ?? 0))));
            (output, Source) = (Math.Max(usage?.OutputTokenCount ?? 0, usage?.OutputTokenCount is null || !hasEnded ? TokenEncoding.O200kBase.Count(received) : 0), UsageSource.Counted);
            if (usage is { InputTokenCount: not null } or { OutputTokenCount: not null })
            {
                // Half of it was reported.
                Corrected = new UsageDetails { InputTokenCount = input, CachedInputTokenCount = usage.CachedInputTokenCount, OutputTokenCount = output };
            }
        }

        return CloseAsync(_model!.Price.CostUsd(input, output, cached, written, reasoning, images), input, output, cached);
    }

    /// <summary>Closes the payment of a call of which nobody knows what it did: the reserve is taken for spent.</summary>
    public ValueTask ForfeitAsync()
    {
        decimal? most = _booking is null ? Most() : _isBounded ? _booking.ReservedUsd : null;
        Source = most is null ? UsageSource.Unknown : UsageSource.Reserved;
        return CloseAsync(most, 0, 0, 0);
    }

    /// <summary>Closes the payment of a call that was refused before it cost anything.</summary>
    public async ValueTask ReleaseAsync()
    {
        CostUsd = 0;
        if (_booking is not null)
        {
            // The caller may have left, but the money must come back: no token.
            try
            {
                _ = await Ledger.ReleaseAsync(_booking, CancellationToken.None).ConfigureAwait(false);
            }
            catch (LedgerException error)
            {
                StaysOpen(_booking, error);
            }
        }
    }

    private static bool IsSilent(ChatResponse response)
    {
        foreach (ChatMessage message in response.Messages)
        {
            foreach (AIContent content in message.Contents)
            {
                if (content is not (TextContent { Text.Length: 0 } or TextReasoningContent { Text.Length: 0 } or UsageContent))
                {
                    return false;
                }
            }
        }

        return true;
    }

    // Reasoning that can be read was made and is billed as well.
    private static string TextOf(ChatResponse response) => string.Concat(response.Messages.SelectMany(static message => message.Contents).Select(static content => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent thought => thought.Text,
        FunctionCallContent call => TextOf(call),
        _ => "",
    }));

    /// <summary>Writes what was said to call a tool, which is billed as any other word.</summary>
    public static string TextOf(FunctionCallContent call) =>
        call.Name + string.Concat((call.Arguments ?? new Dictionary<string, object?>()).Select(static argument => $" {argument.Key}: {argument.Value}"));

    private BudgetExceededException Unbounded() => new(PromptMedia.Of(_messages).IsUnbounded
        ? "The request names a file that lies elsewhere, and nobody here knows how long it is, so no budget can tell whether it pays. Send its data, or leave such files out where spending is capped."
        : $"What an image costs at '{_model!.Account}' is unknown, so no budget can tell whether it pays. Set ImageTokens on its card, or leave images out where spending is capped.");

    // Without an output limit the call may say as much as the budget can still pay.
    private async ValueTask ReserveCutAsync(Ledger ledger, SpendContext spend, ModelChatClient model, long input, CancellationToken cancellationToken)
    {
        long? modelLimit = model.OutputLimit;
        long? output = modelLimit;
        if (CostBounds.UpperUsd(model.Price, 0, 1) > 0)
        {
            decimal? left = await ledger.GetRemainingUsdAsync(spend, model.Account, _request?.Budgets ?? [], cancellationToken).ConfigureAwait(false);
            long pays = left is { } usd ? AffordableOutputTokens(model.Price, input, usd) : long.MaxValue;
            if (pays < LeastOutputTokens)
            {
                // The reservation is refused for this; where the budget lets the call pass nevertheless, it is not cut.
                output = modelLimit ?? LeastOutputTokens;
            }
            else if (pays < (modelLimit ?? long.MaxValue))
            {
                output = Math.Min(pays, int.MaxValue);
                Options = Options?.Clone() ?? new ChatOptions();
                Options.MaxOutputTokens = (int)output;
                _remarks = Join(_remarks, $"the answer was limited to {output} tokens, what the budget pays");
            }
        }

        _isBounded = output is not null || model.Price.OutputPerMillion == 0;
        await ReserveAsync(ledger, spend, model, UpperUsd(model.Price, input, output ?? 0) ?? 0, cancellationToken).ConfigureAwait(false);
    }

    private Ledger? LedgerOf(ModelChatClient model, SpendContext? spend) =>
        model.Runtime.Ledger ?? (spend?.Own is not null || _request is { MaxUsd: not null } ? model.Runtime.RequestLedger : null);

    private SpendContext Context(Ledger ledger, ChatOptions? options) =>
        !ledger.SharesRequests && _request is null or { Tenant: null, MaxUsd: null }
            ? SpendContext.Nobody
            : new SpendContext { Tenant = _request?.Tenant, ConversationId = _request?.Conversation ?? options?.ConversationId, CapUsd = _request?.MaxUsd };

    private ValueTask ReserveAsync(Ledger ledger, SpendContext spend, ModelChatClient model, decimal most, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        TimeSpan validFor = _envelope?.TimeLeft + AttemptStop.Grace ?? LongestCall;
        IReadOnlyList<string> named = _request?.Budgets ?? [];
        if (ledger.AnswersAtOnce)
        {
            _booking = ledger.TryReserveAtOnce(spend, model.Account, NanoUsd.FromUsd(most), validFor, named);
        }

        return _booking is not null ? ValueTask.CompletedTask : AwaitAsync(ledger, spend, model.Account, most, validFor, named, cancellationToken);
    }

    private async ValueTask AwaitAsync(
        Ledger ledger, SpendContext spend, string model, decimal most, TimeSpan validFor, IReadOnlyList<string> named, CancellationToken cancellationToken) =>
        _booking = await ledger.ReserveAsync(spend, model, most, validFor, named, cancellationToken, isNeeded: !IsBeside).ConfigureAwait(false);

    private ValueTask CloseAsync(decimal? usd, long input, long output, long cached)
    {
        CostUsd = usd;
        _model!.Runtime.Metrics.Paid(_model.Account, usd);
        if (_booking is null)
        {
            return ValueTask.CompletedTask;
        }

        if (!Ledger.AnswersAtOnce)
        {
            return CloseAsync(Ledger, _booking, usd, input, output, cached);
        }

        SettleOutcome outcome = Ledger.SettleAtOnce(_booking, usd, input, output, cached, Source, out long? left);
        Closed(_booking, outcome, left);
        return ValueTask.CompletedTask;
    }

    private async ValueTask CloseAsync(Ledger ledger, Booking booking, decimal? usd, long input, long output, long cached)
    {
        SettleOutcome outcome = default;
        decimal? left = null;
        try
        {
            outcome = await ledger.SettleAsync(booking, usd, input, output, cached, Source, CancellationToken.None).ConfigureAwait(false);
            left = ledger.Limits(booking.Context) ? await ledger.GetRemainingUsdAsync(booking.Context, booking.Model, booking.Named, CancellationToken.None).ConfigureAwait(false) : null;
        }
        catch (LedgerException error) when (!booking.IsClosed)
        {
            // The call was made and its answer is there: neither is the member's fault, nor may the answer be lost over it.
            StaysOpen(booking, error);
        }
        catch (LedgerException)
        {
            // It is booked; only what is left is unknown.
        }

        Closed(booking, outcome, left is { } rest ? NanoUsd.CapFromUsd(rest) : null);
    }

    private void StaysOpen(Booking booking, LedgerException error)
    {
        Log.BookingFailed(_model!.Runtime.LoggerFactory.CreateLogger(Log.Category), booking.Model, error.InnerException!.GetType().Name, booking.Id);
        _remarks = Join(_remarks, "the ledger could not book this call; its reserve is booked when the reservation expires");
    }

    private void Closed(Booking booking, SettleOutcome outcome, long? leftNanoUsd)
    {
        LeftNanoUsd = leftNanoUsd;
        if (booking.PassedBudget is { } passed)
        {
            _remarks = Join(_remarks, $"budget '{passed}' was exhausted, and this call was allowed to pass it");
        }

        if (outcome is SettleOutcome.OverReserve && _isBounded)
        {
            _remarks = Join(_remarks, "OverReserve: it cost more than was reserved");
        }
    }

    private static string? Join(string? left, string? right) => left is null ? right : right is null ? left : $"{left}; {right}";
}
