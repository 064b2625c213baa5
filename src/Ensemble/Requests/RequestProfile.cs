using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// What a request is: how long, what it needs, in which language, what it holds. Every property is computed when it is first read,
/// and kept; a rule that nobody set costs nothing. For one request, not safe for use by several threads at once.
/// </summary>
public sealed class RequestProfile
{
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly ChatOptions? _options;
    private readonly SensitiveTextDetector? _detector;
    private readonly PromptSize?[] _sizes = new PromptSize?[3];
    private SensitiveData? _sensitiveData;
    private IReadOnlyList<SensitivePlace>? _sensitivePlaces;
    private (ModelCapabilities Capabilities, int Images, bool Unbounded)? _survey;
    private (bool Known, string? Code, int Number) _language;

    /// <summary>Creates the profile of a request; nothing is read yet.</summary>
    /// <param name="messages">The messages.</param>
    /// <param name="options">The options.</param>
    /// <param name="detector">Finds sensitive data beyond the known formats; <see langword="null"/> for none.</param>
    /// <param name="domain">What the request is about, when the caller knows; selects the quality of that domain.</param>
    /// <exception cref="ArgumentNullException"><paramref name="messages"/> is <see langword="null"/>.</exception>
    public RequestProfile(IReadOnlyList<ChatMessage> messages, ChatOptions? options = null, SensitiveTextDetector? detector = null, string? domain = null)
    {
        ArgumentNullException.ThrowIfNull(messages);
        _messages = messages;
        _options = options;
        _detector = detector;
        Domain = domain ?? options.GetEnsembleRequest()?.Domain;
    }

    /// <summary>Sets what a scan before this profile has found; <see langword="null"/> leaves it to this one.</summary>
    internal SensitiveData? Scanned
    {
        init => _sensitiveData = value;
    }

    /// <summary>Gets whether a detector of the application looks for its own kinds of data.</summary>
    internal bool LooksForCustom => _detector is not null;

    /// <summary>Gets what the request is about, when the caller said so.</summary>
    public string? Domain { get; }

    /// <summary>Gets the conversation that the request goes on with, when a provider keeps one.</summary>
    public string? ConversationId => _options?.ConversationId;

    /// <summary>Gets the tenant on whose behalf the request is made.</summary>
    public string? Tenant => _options.GetEnsembleRequest()?.Tenant;

    /// <summary>Gets the caller's limit of output tokens; <see langword="null"/> when there is none.</summary>
    public long? OutputLimit => _options?.MaxOutputTokens;

    /// <summary>Gets what a model must be able to do to answer.</summary>
    public ModelCapabilities NeededCapabilities => (_survey ??= Survey()).Capabilities;

    /// <summary>Gets the number of images in the messages.</summary>
    public int ImageCount => (_survey ??= Survey()).Images;

    /// <summary>Gets whether something is sent by its address, of which nobody here knows how long it is.</summary>
    internal bool HasUnboundedInput => (_survey ??= Survey()).Unbounded;

    /// <summary>Gets the kinds of sensitive data in the messages, attached text, instructions, and calls and results of tools; what is attached and not text is <see cref="SensitiveData.Unreadable"/>.</summary>
    public SensitiveData SensitiveData => _sensitiveData ??= Scan();

    /// <summary>Gets where the sensitive data stands, without the data; for explanations, because everything is read once more for it.</summary>
    public IReadOnlyList<SensitivePlace> SensitivePlaces => _sensitivePlaces ??= Ensemble.SensitivePlaces.Of(_messages, _options, _detector);

    /// <summary>Gets the language of the last message of the user, as an ISO 639-1 code; <see langword="null"/> when it cannot be told.</summary>
    public string? Language => ReadLanguage().Code;

    /// <summary>Gets the number of the language for sets of them; -1 when it cannot be told.</summary>
    internal int LanguageNumber => ReadLanguage().Number;

    /// <summary>Bounds the tokens of the prompt from above: counted where the encoding is public, else its UTF-8 bytes, attached data by its bytes, and 16 for each message. Images are not included.</summary>
    /// <param name="encoding">The name of the model's encoding; <see langword="null"/> or an unknown one bounds by bytes.</param>
    /// <returns>The tokens.</returns>
    public long GetInputTokens(string? encoding) => GetInputTokens(CountingOf(encoding));

    internal static InputCounting CountingOf(string? encoding) => encoding switch
    {
        // The harmony encoding differs from o200k_base only in its control tokens.
        "o200k_base" or "o200k_harmony" => InputCounting.O200kBase,
        "cl100k_base" => InputCounting.Cl100kBase,
        _ => InputCounting.Bytes,
    };

    internal long GetInputTokens(InputCounting counting) => Measure(counting).Tokens;

    /// <summary>Says by how much the bound exceeds the tokens that are expected.</summary>
    internal double GetExcess(InputCounting counting) => Measure(counting).Excess;

    private PromptSize Measure(InputCounting counting) => _sizes[(int)counting] ??= InputBound.Of(_messages, _options, InputBound.EncodingOf(counting), tokensPerImage: 0);

    private SensitiveData Scan()
    {
        ScannedText scanned = ScannedText.Of(_messages, _options);
        SensitiveData found = scanned.HasUnreadable ? SensitiveData.Unreadable : SensitiveData.None;
        foreach (string text in scanned.Texts)
        {
            found |= SensitiveDataScanner.Scan(text);
            if (_detector is not null)
            {
                found |= _detector(text);
            }
        }

        return found;
    }

    private (bool Known, string? Code, int Number) ReadLanguage()
    {
        if (!_language.Known)
        {
            string? code = null;
            for (int i = _messages.Count - 1; i >= 0 && code is null; i--)
            {
                if (_messages[i].Role == ChatRole.User)
                {
                    code = LanguageDetector.Detect(_messages[i].Text);
                }
            }

            _language = (true, code, LanguageCodes.TryParse(code, out int number) ? number : -1);
        }

        return _language;
    }

    private (ModelCapabilities Capabilities, int Images, bool Unbounded) Survey()
    {
        ModelCapabilities needs = ModelCapabilities.None;
        if (_options is not null)
        {
            needs |= _options.Tools is { Count: > 0 } ? ModelCapabilities.Tools : ModelCapabilities.None;
            needs |= _options.ResponseFormat is ChatResponseFormatJson { Schema: not null } ? ModelCapabilities.JsonSchema : ModelCapabilities.None;
            needs |= _options.GetRequestedLogProbabilities() is not null ? ModelCapabilities.LogProbabilities : ModelCapabilities.None;
            needs |= _options.Reasoning is { Effort: not (null or ReasoningEffort.None) } ? ModelCapabilities.Reasoning : ModelCapabilities.None;
        }

        foreach (ChatMessage message in _messages)
        {
            foreach (AIContent content in message.Contents)
            {
                Look(content, ref needs);
            }
        }

        PromptMedia media = PromptMedia.Of(_messages);
        return (needs, media.Images, media.IsUnbounded);
    }

    private static void Look(AIContent content, ref ModelCapabilities needs)
    {
        if (content is FunctionResultContent result)
        {
            foreach (AIContent part in ContentBound.ContentsOf(result))
            {
                Look(part, ref needs);
            }

            return;
        }

        if (PromptMedia.TypeOf(content) is { } media)
        {
            needs |= PromptMedia.IsImage(media) ? ModelCapabilities.Vision
                : media.StartsWith("audio/", StringComparison.OrdinalIgnoreCase) ? ModelCapabilities.AudioInput : ModelCapabilities.Documents;
        }
    }
}
