using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>A model that is resolved by its name: the leaf, paid for by the ledger, with a receipt of its own on every answer and every error.</summary>
internal sealed class ModelChatClient(string name, IChatClient leaf, EnsembleRuntime runtime, object? description = null, Price? price = null) : DelegatingChatClient(leaf), IEnsembleMember
{
    public const string Kind = "model";

    /// <summary>The key in <see cref="Exception.Data"/> under which the receipt travels on exceptions that are not ours.</summary>
    public const string ReceiptKey = "ensemble.receipt";

    private readonly Member _member = new(name, leaf);
    private Candidate? _facts;

    public string Name => name;

    // The deployments of one model share its account.
    internal string Account => (description as DeploymentOf)?.Model.Name ?? name;

    internal ModelCard? Card => ((description as SelectionMember) ?? (description as DeploymentOf)?.Model)?.Card;

    internal long? OutputLimit => Card?.MaxOutputTokens;

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
    public async ValueTask<ChatResponse> AskAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, ModelPayment payment, CancellationToken cancellationToken)
    {
        await ReserveAsync(payment, messages, options, cancellationToken).ConfigureAwait(false);
        ChatResponse response;
        try
        {
            response = await InnerClient.GetResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, payment.Options), cancellationToken).ConfigureAwait(false);
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
        return new ModelPayment(request, request?.Envelope, runtime.TimeProvider.GetTimestamp());
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

    internal ValueTask ReserveAsync(ModelPayment payment, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken) =>
        payment.ReserveAsync(this, messages, Obey(payment, messages, options), cancellationToken);

    internal IAsyncEnumerator<ChatResponseUpdate> Open(IReadOnlyList<ChatMessage> messages, ModelPayment payment, CancellationToken cancellationToken) =>
        InnerClient.GetStreamingResponseAsync(messages, MemberRequest.WithoutContext(InnerClient, payment.Options), cancellationToken).GetAsyncEnumerator(cancellationToken);

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

    // Whoever asks, the model is not called when the rules refuse it; without rules nothing is read.
    private ChatOptions? Obey(ModelPayment payment, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        if (!IsLeaf || RequestRules.Of(payment.Request, payment.Rules, messages, options, runtime) is not { } rules)
        {
            return options;
        }

        Candidate facts = payment.Facts ?? (payment.Request?.Asked is { } asked && asked.Leaf == this ? asked.Facts : Facts);
        RequestProfile profile = rules.Profile(messages, options);
        if (rules.Refuse(facts, profile) is { } refusal)
        {
            NoEligibleModelException error = new(name, [refusal]);
            ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
            receipt.Add(new Attempt { Member = name, Outcome = AttemptOutcome.Skipped, Note = error.Message, CostUsd = 0m });
            error.Attach(receipt.Build());
            throw error;
        }

        if (options?.ModelId is { Length: > 0 } other && !other.Equals(name, StringComparison.OrdinalIgnoreCase) && !other.Equals(facts.Card.Id, StringComparison.OrdinalIgnoreCase))
        {
            // The provider would ask another model than the one that the rules have let pass.
            options = options.Clone();
            options.ModelId = null;
            payment.Limited("ModelId was dropped: the rules of the request hold for this model");
        }

        if (rules.OutputLimit(facts, profile) is not { } limit)
        {
            return options;
        }

        ChatOptions limited = options?.Clone() ?? new ChatOptions();
        limited.MaxOutputTokens = (int)Math.Min(limit, int.MaxValue);
        payment.Limited($"the answer was limited to {limit} tokens, what the price ceiling pays");
        return limited;
    }

    // A refusal costs nothing; what broke in the middle has cost what came; of what was given up nobody knows more than the reserve.
    internal ValueTask CloseAsync(ModelPayment payment, Exception exception, UsageDetails? usage, string received)
    {
        if (usage is not null || received.Length > 0)
        {
            return payment.SettleAsync(usage, received);
        }

        FailureClass failure = new FailureReader(runtime.FailureClassifiers, runtime.TimeProvider).Read(exception).Class;
        return LostCall.MayHaveCost(failure, exception) ? payment.ForfeitAsync() : payment.ReleaseAsync();
    }

    /// <summary>Gives the receipt of a call that nobody else pays for to whoever sums up the request, if anybody does.</summary>
    internal void HandOn(ModelPayment payment, Receipt receipt, bool answered, Exception? error = null)
    {
        payment.Request?.Calls?.Add(receipt);
        RequestTurns.Of(payment.Request)?.TryAdd(new TurnEnd(receipt, answered, error, runtime));
    }

    /// <summary>Gives the receipt on an error to whoever sums up the request, if anybody does.</summary>
    internal void HandOn(ModelPayment payment, Exception error)
    {
        if (AttemptRunner.ReceiptOf(error) is { } receipt)
        {
            HandOn(payment, receipt, answered: false, error);
        }
    }

    /// <summary>Writes the receipt of a call whose reader left.</summary>
    internal Receipt Left(ModelPayment payment, UsageDetails? usage, TimeSpan? firstContent)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Cancelled, receipt.Elapsed, usage, inner: null, firstContent, payment: payment));
        return receipt.Build();
    }

    /// <summary>Writes the receipt of a call that answered.</summary>
    internal Receipt Answered(ModelPayment payment, UsageDetails? usage, TimeSpan? firstContent)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        receipt.Add(AttemptRunner.Describe(_member, AttemptOutcome.Answered, receipt.Elapsed, usage, inner: null, firstContent, payment: payment));
        return receipt.Build(name);
    }

    /// <summary>Puts the receipt of a call on the exception that ended it.</summary>
    internal void Failed(Exception exception, ModelPayment payment, UsageDetails? usage)
    {
        ReceiptBuilder receipt = new(name, Kind, runtime.TimeProvider, payment.Start);
        FailureClass failure = exception is EnsembleException known ? known.FailureClass : FailureClass.Unknown;
        receipt.Add(AttemptRunner.Describe(
            _member, AttemptOutcome.Failed, receipt.Elapsed, usage, inner: null, failure: failure, note: FailureReader.Describe(exception), costUsd: payment.CostUsd, source: payment.Source));
        if (exception is EnsembleException own)
        {
            own.Attach(receipt.Build());
        }
        else
        {
            exception.Data[ReceiptKey] = receipt.Build();
        }
    }
}
