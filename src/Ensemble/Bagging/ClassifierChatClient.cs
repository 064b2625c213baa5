using System.Diagnostics;
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// A <see cref="TextClassifier"/> as a client: it answers the last thing that the user said with a label, and hands on to a stronger member
/// what it is not sure enough of. It is fitted at the first request, or by <see cref="PrepareAsync"/>. Safe for use by many threads at once;
/// it owns neither its members nor the embedding model.
/// </summary>
public sealed class ClassifierChatClient : IChatClient, IEnsembleMember
{
    internal const string Kind = "classify";

    private readonly ClassifierOptions _options;
    private readonly IEmbeddingGenerator<string, Embedding<float>>? _embeddings;
    private readonly Member? _model;
    private readonly Member? _stronger;
    private readonly EnsembleRuntime _runtime;
    private readonly AttemptRunner _runner;
    private readonly Lock _gate = new();
    private Task<TextClassifier>? _classifier;

    /// <summary>Creates a classifier.</summary>
    /// <param name="name">Its name in receipts.</param>
    /// <param name="members">At most one language model for the bagged voters, and the member that is deferred to (<see cref="ClassifierOptions.DeferTo"/>).</param>
    /// <param name="options">The examples, and when to defer.</param>
    /// <param name="embeddings">The embedding model; <see langword="null"/> leaves that member out.</param>
    /// <param name="runtime">The clock, the logs and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <exception cref="ArgumentException">There are two language models, nobody to classify, no member of the name deferred to, or an option is out of range.</exception>
    public ClassifierChatClient(
        string name, IEnumerable<Member> members, ClassifierOptions options, IEmbeddingGenerator<string, Embedding<float>>? embeddings = null, EnsembleRuntime? runtime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(members);
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        Name = name;
        Member[] all = [.. members];
        if (ProblemWith([.. all.Select(member => member.Name)], options.DeferTo, embeddings is not null) is { } problem)
        {
            throw new ArgumentException(problem, nameof(members));
        }

        _stronger = Array.Find(all, member => member.Name.Equals(options.DeferTo, StringComparison.OrdinalIgnoreCase));
        _model = Array.Find(all, member => member != _stronger);
        _options = options;
        _embeddings = embeddings;
        _runtime = runtime ?? EnsembleRuntime.Default;
        _runner = new AttemptRunner(name, options.AttemptTimeout, _runtime);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Fits the classifier now, or reads it, so that the first request does not wait for it.</summary>
    /// <param name="cancellationToken">Ends the waiting, not the fit: other callers may wait for it too.</param>
    /// <returns>The classifier; its accuracy is known.</returns>
    /// <exception cref="EnsembleException">The examples cannot be fitted, the model cannot score, or a member failed meanwhile.</exception>
    public Task<TextClassifier> PrepareAsync(CancellationToken cancellationToken = default) => ClassifierAsync().WaitAsync(cancellationToken);

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="DeadlineExceededException">The deadline of the request came before any ballot.</exception>
    /// <exception cref="UnsupportedOptionException">The request has no text, tools, a conversation id, or a schema that is no choice among the labels.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        ReceiptBuilder receipt = new(Name, Kind, _runtime.TimeProvider);
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        try
        {
            ChatResponse response = await AnswerAsync(receipt, Composition.Materialize(messages), options, arrived: null, cancellationToken).ConfigureAwait(false);
            Composition.Finish(activity, response.GetReceipt()!, _runtime, _runner.Logger, turn);
            return response;
        }
        catch (Exception exception)
        {
            Composition.Fail(activity, receipt, exception, _runtime, _runner.Logger, turn);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Ballots come first as updates that a reader may ignore (<see cref="BallotExtensions.GetBallot"/>), then the label, then the receipt.</remarks>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="DeadlineExceededException">The deadline of the request came before any ballot.</exception>
    /// <exception cref="UnsupportedOptionException">The request has no text, tools, a conversation id, or a schema that is no choice among the labels.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(Composition.Materialize(messages), options, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => Composition.GetService(this, Name, serviceType, serviceKey);

    /// <summary>Does nothing: the classifier owns neither its members nor the embedding model.</summary>
    public void Dispose()
    {
    }

    /// <summary>Says why members cannot make a classifier.</summary>
    internal static string? ProblemWith(IReadOnlyList<string> members, string? deferTo, bool hasEmbeddings)
    {
        string[] models = [.. members.Where(member => !member.Equals(deferTo, StringComparison.OrdinalIgnoreCase))];
        return deferTo is not null && models.Length == members.Count ? $"DeferTo names '{deferTo}', which is no member.{Suggestion.For(deferTo, members)}"
            : models.Length > 1 ? $"{string.Join(", ", models)} are {models.Length} language models; one makes the bagged voters. Name the stronger one in DeferTo, or remove it."
            : models.Length == 0 && !hasEmbeddings ? "nobody classifies: name a language model that scores (a local one) among Members, an embedding model in Embeddings, or both."
            : null;
    }

    // The fit goes on for the callers that follow.
    private async ValueTask<TextClassifier> FittedAsync(Envelope? envelope, CancellationToken cancellationToken)
    {
        try
        {
            return await ClassifierAsync().WaitAsync(envelope?.TimeLeft ?? Timeout.InfiniteTimeSpan, _runtime.TimeProvider, cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException late)
        {
            throw new DeadlineExceededException($"{Name}: the deadline has passed while the classifier was fitted. Fit it before the first request ({nameof(PrepareAsync)}), or raise the deadline.", late);
        }
    }

    private Task<TextClassifier> ClassifierAsync()
    {
        lock (_gate)
        {
            // Made once for all callers: one who leaves does not spoil it for the others, and a failure is tried again by the next.
            if (_classifier is null or { IsFaulted: true } or { IsCanceled: true })
            {
                _classifier = Task.Run(CreateAsync);
            }

            return _classifier;
        }
    }

    private async Task<TextClassifier> CreateAsync()
    {
        try
        {
            return _options.Data is { } data ? await FitAsync(data).ConfigureAwait(false) : await LoadAsync(_options.Fit.ToArray()).ConfigureAwait(false);
        }
        catch (Exception exception) when (exception is not EnsembleException)
        {
            // Nobody's cancellation: the fit has no token. The next request tries again.
            throw new AllMembersFailedException($"{Name}: the classifier could not be fitted: {FailureReader.Describe(exception)}", exception);
        }
    }

    private async Task<TextClassifier> FitAsync(BaggingData data)
    {
        IContinuationScorer? scorer = _model?.Client.GetService<IContinuationScorer>();
        if (scorer is null)
        {
            return await TextClassifier.FitAsync(_model?.Client, _embeddings, data, _options.Classifying, _runtime).ConfigureAwait(false);
        }

        byte[] key = KeptFits.KeyOf(data);
        if (KeptFits.Find(scorer, key) is { } known)
        {
            return await LoadAsync(known).ConfigureAwait(false);
        }

        TextClassifier fitted = await TextClassifier.FitAsync(_model!.Client, _embeddings, data, _options.Classifying, _runtime).ConfigureAwait(false);
        using MemoryStream json = new();
        await fitted.SaveAsync(json).ConfigureAwait(false);
        KeptFits.Keep(scorer, key, json.ToArray());
        return fitted;
    }

    private async Task<TextClassifier> LoadAsync(byte[] fit)
    {
        using MemoryStream json = new(fit);
        return await TextClassifier.LoadAsync(json, _model?.Client, _embeddings, _options.Classifying, _runtime).ConfigureAwait(false);
    }

    private async Task<ChatResponse> AnswerAsync(ReceiptBuilder receipt, IReadOnlyList<ChatMessage> messages, ChatOptions? options, Action<Ballot>? arrived, CancellationToken cancellationToken)
    {
        string text = ClassifierRequest.Text(Name, messages);
        EnsembleRequest? request = options.GetEnsembleRequest();
        Envelope? envelope = Envelope.Of(options, _runtime);
        RequestRules? rules = _runner.Rules(messages, options);
        if (_model is not null)
        {
            // Its voters are scored past the client that would check.
            rules?.Demand(_model, messages, options, past: true);
        }

        Refusal? refusal = _embeddings is null ? null : rules?.RefuseEmbeddings(_embeddings, messages, options);
        if (refusal is not null)
        {
            receipt.Note($"the text was not embedded ({refusal})");
            _ = _model ?? throw new NoEligibleModelException(Name, [refusal]);
        }

        TextClassifier classifier = await FittedAsync(envelope, cancellationToken).ConfigureAwait(false);
        ClassifierRequest.Check(Name, classifier.Labels, options);
        TextPrediction prediction = await classifier.PredictAsync(text, envelope?.TimeLeft, arrived, _options.DeferBelow, embeds: refusal is null, cancellationToken).ConfigureAwait(false);
        foreach (Attempt attempt in prediction.Receipt.Attempts)
        {
            receipt.Add(attempt);
        }

        foreach (string note in prediction.Receipt.Notes)
        {
            receipt.Note(note);
        }

        double limit = _options.DeferBelow ?? prediction.Threshold;
        if (_stronger is not null && prediction.Confidence < limit)
        {
            receipt.Note(string.Create(CultureInfo.InvariantCulture, $"{prediction.Label} at {prediction.Confidence:0.##}, below {limit:0.##}: {_stronger.Name} was asked"));
            if (await DeferAsync(receipt, _stronger, classifier, text, options, envelope, rules, cancellationToken).ConfigureAwait(false) is { } label)
            {
                return Finish(receipt, label, options, confidence: null, vote: null, _stronger.Name);
            }
        }

        return Finish(receipt, prediction.Label, options, prediction.Confidence, prediction.Receipt.Vote, answeredBy: null);
    }

    /// <summary>Asks the stronger member; the classifier's answer stands when it fails or names no label.</summary>
    private async Task<string?> DeferAsync(
        ReceiptBuilder receipt, Member member, TextClassifier classifier, string text, ChatOptions? options, Envelope? envelope, RequestRules? rules, CancellationToken cancellationToken)
    {
        ChatOptions asked = MemberRequest.For(member.Client, options, keepRawFactory: false) ?? new ChatOptions();
        asked.ResponseFormat = ChatResponseFormat.ForJsonSchema(ChoiceJson.Schema(classifier.Labels), "choice");
        AttemptResult result = await _runner.AskAsync(
            member, classifier.Ask(text), MemberRequest.Within(envelope, rules, member, asked), rules, Envelope.Least(_runner.Timeout, envelope?.TimeLeft), cancellationToken).ConfigureAwait(false);
        receipt.Add(result.Attempt);
        if (result.Cancelled)
        {
            throw Composition.Cancelled(result.Error, cancellationToken);
        }

        // "It looks like delivery, however" was about to say more.
        string? label = result.Succeeded && result.Response!.FinishReason != ChatFinishReason.Length ? BallotNormalizer.ForChoices(classifier.Labels).Read(result.Response.Text) : null;
        if (label is null)
        {
            receipt.Note(result.Succeeded ? $"{member.Name} named none of the labels; the classifier's answer stands." : result.Error is NoEligibleModelException ? $"{member.Name} may not be asked; the classifier's answer stands." : $"{member.Name} failed; the classifier's answer stands.");
        }

        return label;
    }

    private static ChatResponse Finish(ReceiptBuilder builder, string label, ChatOptions? options, double? confidence, Vote? vote, string? answeredBy)
    {
        Receipt receipt = builder.Build(answeredBy, vote);
        ChatResponse response = new(new ChatMessage(ChatRole.Assistant, ClassifierRequest.Write(label, options)))
        {
            FinishReason = ChatFinishReason.Stop,
            Usage = new UsageDetails { InputTokenCount = receipt.InputTokens, CachedInputTokenCount = receipt.CachedInputTokens, OutputTokenCount = receipt.OutputTokens },
        };
        if (confidence is { } sure)
        {
            response.AdditionalProperties = new() { [LabelConfidence.ResponseKey] = sure };
        }

        ReceiptCarrier.Attach(response, receipt);
        return response;
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        ReceiptBuilder receipt = new(Name, Kind, _runtime.TimeProvider);
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        using CancellationTokenSource left = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Channel<Ballot> ballots = Channel.CreateUnbounded<Ballot>(new UnboundedChannelOptions { SingleReader = true });
        Task<ChatResponse> answer = RunAsync();
        bool settled = false;
        try
        {
            // The channel is completed whatever becomes of the answer, and never with an error: that is the answer's.
            await foreach (Ballot ballot in ballots.Reader.ReadAllAsync(CancellationToken.None).ConfigureAwait(false))
            {
                yield return new ChatResponseUpdate { RawRepresentation = ballot };
                Composition.Restore(activity);
            }

            ChatResponse response = await answer.ConfigureAwait(false);
            Receipt whole = response.GetReceipt()!;
            Composition.Finish(activity, whole, _runtime, _runner.Logger, turn);
            settled = true;
            foreach (ChatResponseUpdate update in PanelUpdates.Create(response, whole))
            {
                yield return update;
                Composition.Restore(activity);
            }
        }
        finally
        {
            if (!settled)
            {
                await left.CancelAsync().ConfigureAwait(false);
                await ((Task)answer).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                Composition.Fail(activity, receipt, answer.Exception?.InnerException, _runtime, _runner.Logger, turn);
            }
        }

        async Task<ChatResponse> RunAsync()
        {
            try
            {
                return await AnswerAsync(receipt, messages, options, ballot => ballots.Writer.TryWrite(ballot), left.Token).ConfigureAwait(false);
            }
            catch (OperationCanceledException exception) when (cancellationToken.IsCancellationRequested)
            {
                throw Composition.Cancelled(exception, cancellationToken);
            }
            finally
            {
                ballots.Writer.TryComplete();
            }
        }
    }
}
