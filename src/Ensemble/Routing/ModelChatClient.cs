using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A model that is resolved by its name: the leaf, paid for by the ledger, with a receipt of its own on every answer and every error.</summary>
internal sealed partial class ModelChatClient(string name, IChatClient leaf, EnsembleRuntime runtime, object? description = null, Price? price = null) : DelegatingChatClient(leaf), IEnsembleMember
{
    public const string Kind = "model";

    /// <summary>The key in <see cref="Exception.Data"/> under which the receipt travels on exceptions that are not ours.</summary>
    public const string ReceiptKey = "ensemble.receipt";

    /// <summary>The key in <see cref="Exception.Data"/> under which a leaf says what its calls took of which the last one failed, that one not counted.</summary>
    public const string EarlierUsageKey = "ensemble.usage.earlier";

    /// <summary>The key in <see cref="Exception.Data"/> under which a leaf says what all its calls took although none of their answers is of use.</summary>
    public const string WholeUsageKey = "ensemble.usage";

    /// <summary>What an exception carries when a limit of the request refused a call, which says nothing about the deployment.</summary>
    public const string LimitedKey = "ensemble.limited";

    private readonly Member _member = new(name, leaf);
    private readonly ObservedChatClient? _observed = leaf.GetService<ObservedChatClient>();
    private Candidate? _facts;

    public string Name => name;

    // The deployments of one model share its account.
    internal string Account => (description as DeploymentOf)?.Model.Name ?? name;

    internal ModelCard? Card => ((description as SelectionMember) ?? (description as DeploymentOf)?.Model)?.Card;

    internal long? OutputLimit => Card?.MaxOutputTokens;

    /// <summary>Gets whether the leaf may ask a second time for an answer that fits the schema of the request.</summary>
    internal bool RepairsAnswers(ChatOptions? options) => options?.ResponseFormat is ChatResponseFormatJson { Schema: { } schema } && _member.Traits.Repairs(schema);

    /// <summary>Gets what is one way to a deployment for all routers that share it; <see langword="null"/> for this client.</summary>
    public IChatClient? Way { get; init; }

    /// <summary>Gets the limits of the deployment, which routers keep to.</summary>
    public DeploymentLimits Limits { get; init; } = DeploymentLimits.None;

    internal EnsembleRuntime Runtime => runtime;

    internal Price Price => price ?? (_member.Traits.InProcess ? Price.Local : Price.Unknown);

    /// <summary>Gets whether a router may pay for the call itself, which spares the copies of options and receipts; a leaf that reads the request's context needs it in the options.</summary>
    public bool TakesPayment { get; } = leaf.GetService<IEnsembleMember>() is null;

    /// <summary>Gets whether the client is a model, and no composition under the name of one: that obeys the rules itself.</summary>
    public bool IsLeaf => TakesPayment;

    private Candidate Facts => _facts ??= FactsAs(name);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ModelPayment payment = Payment(options);
        TimeSpan? limit = LimitOf(payment.Request);
        AttemptStop? stop = limit is null ? null : new AttemptStop(runtime.TimeProvider, limit, cancellationToken);
        ChatResponse response;
        try
        {
            ValueTask<ChatResponse> call = AskAsync(Composition.Materialize(messages), options, payment, stop?.Token ?? cancellationToken);
            response = stop is null ? await call.ConfigureAwait(false) : await stop.HoldAsync(call.AsTask()).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            Exception error = stop is null ? exception : Stopped(exception, stop, cancellationToken);
            if (error == exception)
            {
                HandOn(payment, exception);
                throw;
            }

            Failed(error, payment, usage: null);
            HandOn(payment, error);
            throw error;
        }
        finally
        {
            stop?.Dispose();
        }

        Receipt receipt = Answered(payment, response.Usage, firstContent: null);
        HandOn(payment, receipt, answered: true);
        ReceiptCarrier.Attach(response, receipt);
        return response;
    }

    /// <summary>Asks for a whole answer that the caller's payment pays for; the answer carries no receipt.</summary>
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    public async ValueTask<ChatResponse> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment payment, CancellationToken cancellationToken)
    {
        try
        {
            await ReserveAsync(payment, messages, options, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            TakeAttempt(payment);
        }
        catch (Exception exception)
        {
            await ReleaseUnsentAsync(payment, exception).ConfigureAwait(false);
            throw;
        }

        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(messages, OptionsFor(payment), cancellationToken).ConfigureAwait(false)
                ?? throw new InvalidOperationException("The model gave no response.");
        }
        catch (Exception exception)
        {
            await CloseAsync(payment, exception, usage: null, received: "").ConfigureAwait(false);
            Failed(exception, payment, null);
            throw;
        }

        await payment.SettleAsync(response).ConfigureAwait(false);
        return response;
    }

    public override IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        new PaidStream.Source(this, Composition.Materialize(messages), options, cancellationToken);

    /// <summary>Streams an answer that the caller's payment pays for; no update carries a receipt.</summary>
    public IAsyncEnumerator<ChatResponseUpdate> Stream(IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment payment, CancellationToken cancellationToken) =>
        new PaidStream(this, messages, options, payment, givesReceipt: false, cancellationToken);

    /// <summary>Makes the payment of a call that nobody else pays for.</summary>
    internal ModelPayment Payment(ChatOptions? options)
    {
        EnsembleRequest? request = options.GetEnsembleRequest();
        return new ModelPayment(request, request?.Envelope, runtime.TimeProvider.GetTimestamp()) { CountsItself = IsLeaf && request is { IsNested: false, Envelope: not null } };
    }

    /// <summary>Says how long a call may take that nobody else keeps the time of; a composition under the name of a model keeps it itself.</summary>
    internal TimeSpan? LimitOf(EnsembleRequest? request) => IsLeaf ? Envelope.LimitOf(request, runtime) : null;

    /// <summary>Makes the error of a call that was stopped: the deadline's, or the caller's with his own token.</summary>
    /// <returns>The exception itself when it was not stopped.</returns>
    internal Exception Stopped(Exception exception, AttemptStop stop, CancellationToken caller) =>
        exception is EnsembleException || !stop.Token.IsCancellationRequested ? exception
        : !caller.IsCancellationRequested ? new DeadlineExceededException($"{name}: the deadline has passed.", exception)
        : exception is OperationCanceledException || stop.IsOver ? new OperationCanceledException("The caller cancelled.", exception, caller)
        : exception;

    internal ValueTask ReserveAsync(ModelPayment payment, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        ChatOptions? own = Obey(payment, messages, options);
        return payment.TakenUsd is null ? payment.ReserveAsync(this, messages, own, cancellationToken) : ReserveTakenAsync(payment, messages, own, cancellationToken);
    }

    /// <summary>Takes the attempt of a call that is paid for and may leave.</summary>
    /// <exception cref="AllMembersFailedException">The request has none left.</exception>
    internal void TakeAttempt(ModelPayment payment)
    {
        if (!payment.TryTakeAttempt())
        {
            const string Why = "no attempt is left";
            AllMembersFailedException error = new($"{name}: {Why}; the request has made those that its MaxAttempts allows.", NotAsked(payment, Why), innerException: null);
            error.Data[LimitedKey] = true;
            throw error;
        }
    }

    private async ValueTask ReserveTakenAsync(ModelPayment payment, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        try
        {
            await payment.ReserveAsync(this, messages, options, cancellationToken).ConfigureAwait(false);
        }
        catch
        {
            await payment.ReleaseAsync().ConfigureAwait(false);
            payment.CloseCeiling();
            throw;
        }
    }

    internal IAsyncEnumerator<ChatResponseUpdate> Open(IReadOnlyList<ChatMessage> messages, ModelPayment payment, CancellationToken cancellationToken) =>
        InnerClient.GetStreamingResponseAsync(messages, OptionsFor(payment), cancellationToken).GetAsyncEnumerator(cancellationToken);

    private ChatOptions? OptionsFor(ModelPayment payment)
    {
        ChatOptions? options = MemberRequest.WithoutContext(InnerClient, payment.Options);
        return options?.ResponseFormat is not null && RepairsAnswers(options) && payment.LimitsCalls ? FurtherCall.Limit(options, payment) : options;
    }

    internal TimeSpan Since(ModelPayment payment) => runtime.TimeProvider.GetElapsedTime(payment.Start);

    // IEnsembleMember is asked of this wrapper by compositions, and it takes the context off before a leaf that does not know it.
    public override object? GetService(Type serviceType, object? serviceKey = null) =>
        serviceKey is null && serviceType == typeof(IEnsembleMember) ? this
        : serviceKey is null && serviceType.IsInstanceOfType(description) ? description
        : base.GetService(serviceType, serviceKey);

    /// <summary>Describes the model as a member of that name; what nobody said of it stays unknown.</summary>
    public Candidate FactsAs(string member)
    {
        SelectionMember model = (description as SelectionMember) ?? (description as DeploymentOf)?.Model ?? new SelectionMember
        {
            Name = name,
            Card = new ModelCard { Id = name, ContextWindow = _member.Traits.ContextWindow },
            Deployments = [new Deployment { Name = name, InProcess = _member.Traits.InProcess, Price = price }],
        };
        Deployment deployment = model.Deployments.FirstOrDefault(place => place.Name.Equals(name, StringComparison.OrdinalIgnoreCase)) ?? model.Deployments[0];
        return new Candidate(ModelDescriber.Rename(model, member), deployment, memberIndex: 0, near: null);
    }
}
