using System.Globalization;
using System.Security.Cryptography;
using Microsoft.Extensions.AI;

namespace Ensemble.Onnx;

/// <summary>Checks a request's options; one that a local model cannot honour is refused by name, never dropped.</summary>
internal static class ChatOptionsReader
{
    internal static GenerationRequest Read(IEnumerable<ChatMessage> messages, ChatOptions? options, LocalModelOptions defaults, GenAIConfig config, string? adapter = null)
    {
        if (options?.Tools is { Count: > 0 } && options.ToolMode is not NoneChatToolMode)
        {
            throw new UnsupportedOptionException("Tools are set, and local models call none: remove ChatOptions.Tools, or ask a hosted model.");
        }

        if (options?.ConversationId is not null)
        {
            throw new UnsupportedOptionException("ConversationId is set, and local models store no conversation: send all messages of the conversation each time.");
        }

        AnswerFormat format = AnswerFormat.Read(options?.ResponseFormat);
        int? top = options.GetRequestedLogProbabilities();
        SamplingOptions sampling = ReadSampling(options, defaults, config);
        string[] stops = options?.StopSequences is { } given ? [.. given.Where(stop => !string.IsNullOrEmpty(stop))] : [];
        if (format.Choices is not null)
        {
            RequireChoosing(sampling, stops);
        }

        if (format.Schema is not null)
        {
            RequireRuntimeSampler(sampling, top, "with a JSON schema");
            if (stops.Length > 0)
            {
                throw new UnsupportedOptionException("StopSequences are set beside a JSON schema, and an answer that stops there is no valid JSON: leave them out.");
            }
        }

        int limit = options?.MaxOutputTokens ?? defaults.MaxOutputTokens;
        Require(limit >= 1, nameof(ChatOptions.MaxOutputTokens), limit, "at least 1");
        return new GenerationRequest
        {
            Messages = PromptMessage.ReadAll(messages, options?.Instructions),
            Template = defaults.Template,
            MaxOutputTokens = limit,
            Sampling = sampling,
            StopSequences = stops,
            TopLogProbabilities = top,
            Tenant = options.GetEnsembleRequest()?.Tenant,
            Format = format,
            Adapter = adapter,
        };
    }

    /// <summary>Refuses what the runtime's own sampler, which constrained decoding goes through, does not have.</summary>
    internal static void RequireRuntimeSampler(SamplingOptions sampling, int? topLogProbabilities, string when)
    {
        when += ", where the runtime chooses the tokens";
        RequireUnset(sampling.MinP != 0, LocalChatOptions.MinP, when);
        RequireUnset(sampling.FrequencyPenalty != 0, nameof(ChatOptions.FrequencyPenalty), when);
        RequireUnset(sampling.PresencePenalty != 0, nameof(ChatOptions.PresencePenalty), when);
        RequireUnset(sampling.LogitBias is not null, LocalChatOptions.LogitBias, when);
        RequireUnset(topLogProbabilities is not null, "A wish for log-probabilities", when);
    }

    // The choices are scored as they stand, so nothing may change the scores of their tokens, and nothing may cut them.
    private static void RequireChoosing(SamplingOptions sampling, string[] stops)
    {
        const string when = "beside an enum, whose choices are scored whole";
        RequireUnset(sampling.FrequencyPenalty != 0, nameof(ChatOptions.FrequencyPenalty), when);
        RequireUnset(sampling.PresencePenalty != 0, nameof(ChatOptions.PresencePenalty), when);
        RequireUnset(sampling.LogitBias is not null, LocalChatOptions.LogitBias, when);
        RequireUnset(stops.Length > 0, nameof(ChatOptions.StopSequences), when);
    }

    private static SamplingOptions ReadSampling(ChatOptions? options, LocalModelOptions defaults, GenAIConfig config)
    {
        float temperature = options?.Temperature ?? defaults.Temperature ?? config.Temperature;
        int topK = options?.TopK ?? 0;
        float topP = options?.TopP ?? 1;
        float minP = ReadNumber(options, LocalChatOptions.MinP);
        float frequency = options?.FrequencyPenalty ?? 0;
        float presence = options?.PresencePenalty ?? 0;
        Require(temperature >= 0 && float.IsFinite(temperature), nameof(ChatOptions.Temperature), temperature, "at least 0");
        Require(topK >= 0, nameof(ChatOptions.TopK), topK, "at least 0 (0 keeps all tokens)");
        Require(topP is > 0 and <= 1, nameof(ChatOptions.TopP), topP, "more than 0 and at most 1");
        Require(minP is >= 0 and <= 1, LocalChatOptions.MinP, minP, "from 0 to 1");
        Require(float.IsFinite(frequency), nameof(ChatOptions.FrequencyPenalty), frequency, "a finite number");
        Require(float.IsFinite(presence), nameof(ChatOptions.PresencePenalty), presence, "a finite number");
        return new SamplingOptions
        {
            Temperature = temperature,
            TopK = topK,
            TopP = topP,
            MinP = minP,
            FrequencyPenalty = frequency,
            PresencePenalty = presence,
            LogitBias = ReadBias(options, config),
            // A seed that nobody gave is told in the response, so that the answer can be repeated.
            Seed = options?.Seed ?? RandomNumberGenerator.GetInt32(int.MaxValue),
        };
    }

    private static float ReadNumber(ChatOptions? options, string key)
    {
        object? value = Property(options, key);
        try
        {
            return value is null ? 0 : Convert.ToSingle(value, CultureInfo.InvariantCulture);
        }
        catch (Exception error) when (error is FormatException or InvalidCastException or OverflowException)
        {
            throw new UnsupportedOptionException($"{key} is '{value}': give a number.", error);
        }
    }

    private static Dictionary<int, float>? ReadBias(ChatOptions? options, GenAIConfig config)
    {
        object? wished = Property(options, LocalChatOptions.LogitBias);
        if (wished is null)
        {
            return null;
        }

        if (wished is not IEnumerable<KeyValuePair<int, float>> pairs)
        {
            throw new UnsupportedOptionException($"{LocalChatOptions.LogitBias} is a {wished.GetType().Name}: give a dictionary from int (the token's id) to float.");
        }

        Dictionary<int, float> bias = new(pairs);
        foreach ((int id, float value) in bias)
        {
            Require(!float.IsNaN(value) && !float.IsPositiveInfinity(value), LocalChatOptions.LogitBias, value, "a number, or negative infinity to rule a token out");
            Require(id >= 0 && id < config.VocabularySize, LocalChatOptions.LogitBias, $"for token {id}", $"ids from 0 to {config.VocabularySize - 1}");
        }

        return bias.Count > 0 ? bias : null;
    }

    private static object? Property(ChatOptions? options, string key) =>
        options?.AdditionalProperties?.TryGetValue(key, out object? value) is true ? value : null;

    private static void Require(bool isValid, string option, object value, string allowed)
    {
        if (!isValid)
        {
            throw new UnsupportedOptionException(string.Create(CultureInfo.InvariantCulture, $"{option} is {value}: give {allowed}."));
        }
    }

    private static void RequireUnset(bool isSet, string option, string when)
    {
        if (isSet)
        {
            throw new UnsupportedOptionException($"{option} cannot be honoured {when}: leave it out.");
        }
    }
}
