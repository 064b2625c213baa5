using System.Runtime.CompilerServices;
using Ensemble.Tokenization;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>
/// A language model in this process. It answers chats, streams, gives log-probabilities and scores continuations
/// (<c>GetService&lt;IContinuationScorer&gt;()</c>). Safe for concurrent use; requests of one model wait in the order of their arrival and run on
/// threads of the model, never on the caller's. The model is loaded with the first request, once per process and folder.
/// </summary>
public sealed class LocalChatClient : IChatClient, IEnsembleMember
{
    private readonly LocalModelOptions _options;
    private readonly SharedModel _model;
    private readonly string? _adapter;
    private readonly string _name;
    private readonly LocalScorer _scorer;
    private readonly ChatClientMetadata _metadata;
    private readonly MemberTraits _traits;
    private int _isDisposed;

    /// <summary>Creates a client with default settings.</summary>
    /// <param name="model">The name of a shipped model or the path of a model folder.</param>
    /// <exception cref="ModelLoadException">The folder or one of its files is missing or malformed.</exception>
    public LocalChatClient(string model)
        : this(new LocalModelOptions { Model = model })
    {
    }

    /// <summary>Creates a client; the folder is checked, the weights are loaded with the first request.</summary>
    /// <param name="options">The model and its settings.</param>
    /// <exception cref="ModelLoadException">The folder or one of its files is missing or malformed, or a setting is out of its range.</exception>
    public LocalChatClient(LocalModelOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _model = SharedModel.Acquire(options);
        try
        {
            _adapter = options.Adapter is { } adapter ? _model.Folder.FindAdapter(adapter) : null;
        }
        catch
        {
            _model.Release();
            throw;
        }

        // Two members of one base tell whose answer it is.
        _name = _adapter is null ? _model.Folder.Name : $"{_model.Folder.Name}+{Path.GetFileNameWithoutExtension(_adapter)}";
        _scorer = new LocalScorer(this);
        _metadata = new ChatClientMetadata("onnx", new Uri(_model.Folder.Path + Path.DirectorySeparatorChar), _name);
        _traits = new MemberTraits { InProcess = true, ReportsFinishReason = true, CallsTools = false, ContextWindow = _model.Folder.Config.ContextLength };
    }

    string IEnsembleMember.Name => _name;

    /// <summary>Loads the model now instead of with the first request.</summary>
    /// <param name="cancellationToken">Cancels the wait for the model's thread.</param>
    /// <returns>What the model is and what its runtime can do.</returns>
    /// <exception cref="ModelLoadException">The runtime cannot load the model; the message names the file and the fix.</exception>
    public Task<LocalModelInfo> LoadAsync(CancellationToken cancellationToken = default) =>
        RunAsync(static model => new LocalModelInfo(model.Folder, model.Capabilities, model.Provider), cancellationToken);

    /// <inheritdoc/>
    /// <remarks>
    /// An enum of strings as the JSON schema is answered with one of them, whole: each is scored, and temperature, top-k, top-p, min-p and seed choose
    /// among them as otherwise among tokens. <see cref="ChatOptions.MaxOutputTokens"/> limits what is written freely and cuts no choice; penalties,
    /// logit bias and stop sequences are refused there.
    /// </remarks>
    /// <exception cref="PromptTooLongException">The prompt does not fit the model's window.</exception>
    /// <exception cref="UnsupportedOptionException">An option cannot be honoured; the message names it.</exception>
    /// <exception cref="ModelBusyException">Too many requests wait already.</exception>
    /// <exception cref="ModelLoadException">The runtime cannot load the model.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        GenerationRequest request = ChatOptionsReader.Read(messages, options, _options, _model.Folder.Config, _adapter);
        AnswerCollector text = new();
        Answer answer = await RunAsync(model => ModelSession.Generate(model, request, text, cancellationToken), cancellationToken).ConfigureAwait(false);
        string id = NewId();
        return new ChatResponse(new ChatMessage(ChatRole.Assistant, text.ToString()) { MessageId = id })
        {
            ResponseId = id,
            ModelId = _name,
            FinishReason = answer.FinishReason,
            Usage = answer.Usage,
            AdditionalProperties = Properties(request, answer),
            RawRepresentation = answer.Scores,
        };
    }

    /// <inheritdoc/>
    /// <exception cref="PromptTooLongException">The prompt does not fit the model's window.</exception>
    /// <exception cref="UnsupportedOptionException">An option cannot be honoured; the message names it.</exception>
    /// <exception cref="ModelBusyException">Too many requests wait already.</exception>
    /// <exception cref="ModelLoadException">The runtime cannot load the model.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(ChatOptionsReader.Read(messages, options, _options, _model.Folder.Config, _adapter), cancellationToken);
    }

    /// <summary>Gets a service of the client: <see cref="IContinuationScorer"/>, <see cref="MemberTraits"/>, <see cref="ChatClientMetadata"/>, <see cref="TokenEncoding"/> (the model's own tokens, <see langword="null"/> if its tokenizer is not byte-level BPE), or the runtime's <see cref="Model"/> and <see cref="Tokenizer"/> once the model is loaded.</summary>
    /// <param name="serviceType">The type of the service.</param>
    /// <param name="serviceKey">A key; only services without a key are known.</param>
    /// <returns>The service, or <see langword="null"/>.</returns>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        if (serviceKey is not null)
        {
            return null;
        }

        return serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(MemberTraits) ? _traits
            : serviceType == typeof(TokenEncoding) ? _model.Encoding
            : serviceType == typeof(Model) ? _model.Loaded?.Model
            : serviceType == typeof(Tokenizer) ? _model.Loaded?.Tokenizer
            : serviceType.IsInstanceOfType(this) ? this
            : serviceType.IsInstanceOfType(_scorer) ? _scorer
            : null;
    }

    /// <summary>Ends the use of the model; the last client of a folder unloads it when the running request is done. May be called twice.</summary>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            _model.Release();
        }
    }

    private static string NewId() => $"local-{Guid.NewGuid():N}";

    private static AdditionalPropertiesDictionary Properties(GenerationRequest request, Answer answer)
    {
        AdditionalPropertiesDictionary properties = [];
        if (request.Sampling.Temperature > 0)
        {
            properties[LocalChatOptions.Seed] = request.Sampling.Seed;
        }

        if (answer.LogProbabilities is { } logProbabilities)
        {
            properties[LogProbabilityExtensions.ResponseKey] = logProbabilities;
        }

        return properties;
    }

    private Task<T> RunAsync<T>(Func<LoadedModel, T> work, CancellationToken cancellationToken)
    {
        ObjectDisposedException.ThrowIf(_isDisposed != 0, this);
        return _model.Worker.RunAsync(() => work(_model.Load()), cancellationToken);
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(GenerationRequest request, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        AnswerStream stream = new(_name, NewId());
        using CancellationTokenSource abandoned = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        Task job = PumpAsync(request, stream, abandoned.Token, cancellationToken);
        try
        {
            await foreach (ChatResponseUpdate update in stream.Reader.ReadAllAsync(cancellationToken).ConfigureAwait(false))
            {
                // The channel hands out what it holds without a look at the token.
                cancellationToken.ThrowIfCancellationRequested();
                yield return update;
            }
        }
        finally
        {
            // A reader that leaves early frees the model at the next token.
            await abandoned.CancelAsync().ConfigureAwait(false);
            await job.ConfigureAwait(false);
        }
    }

    private async Task PumpAsync(GenerationRequest request, AnswerStream stream, CancellationToken abandoned, CancellationToken caller)
    {
        try
        {
            Answer answer = await RunAsync(model => ModelSession.Generate(model, request, stream, abandoned), abandoned).ConfigureAwait(false);
            stream.Finish(answer, Properties(request, answer));
            stream.Complete(null);
        }
#pragma warning disable CA1031 // handed to the reader of the stream, whatever it is
        catch (Exception error)
#pragma warning restore CA1031
        {
            stream.Complete(error is OperationCanceledException && caller.IsCancellationRequested ? new OperationCanceledException(caller) : error);
        }
    }

    private sealed class LocalScorer(LocalChatClient client) : IContinuationScorer
    {
        public Task<ContinuationScores> ScoreAsync(ScoringRequest request, CancellationToken cancellationToken = default)
        {
            ArgumentNullException.ThrowIfNull(request);
            return client.RunAsync(model => ModelSession.Score(model, request, client._options.Template, client._adapter, cancellationToken), cancellationToken);
        }
    }
}
