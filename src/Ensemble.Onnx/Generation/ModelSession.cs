using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>The work of one client on a model's thread; what the native runtime throws becomes a typed error.</summary>
internal static class ModelSession
{
    internal static Answer Generate(LoadedModel model, GenerationRequest request, IAnswerSink sink, CancellationToken cancellationToken) =>
        Guard(model, () =>
        {
            int[] prompt = Encode(model, request.Messages, request.Template);
            if (request.Format.Choices is not null)
            {
                RequireAppend(model);
                return ChoiceGeneration.Run(model, request, prompt, sink, cancellationToken);
            }

            PromptLimit.Require(model, prompt.Length, 1);
            if (request.Format.Schema is not null)
            {
                return RuntimeGeneration.Run(model, request, prompt, sink, cancellationToken);
            }

            if (!model.Capabilities.CanAppend)
            {
                ChatOptionsReader.RequireRuntimeSampler(request.Sampling, request.TopLogProbabilities, $"by '{model.Folder.Name}' on this device");
                return RuntimeGeneration.Run(model, request, prompt, sink, cancellationToken);
            }

            return TextGeneration.Run(model, request, prompt, sink, cancellationToken);
        });

    internal static ContinuationScores Score(LoadedModel model, ScoringRequest request, LocalTemplate template, string? adapter, CancellationToken cancellationToken) =>
        Guard(model, () =>
        {
            RequireAppend(model);
            int[] prefix = [];
            int[] prompt;
            if (request.Messages is { } messages)
            {
                prompt = Encode(model, PromptMessage.ReadAll(messages, null), template);
            }
            else
            {
                prefix = model.Prompts.EncodeText(request.Prefix);
                prompt = [.. prefix, .. model.Prompts.EncodeText(request.Query)];
            }

            (string Text, int[] Tokens)[] continuations = [.. request.Continuations.Select(text => (text, Continuation(model, text, request.FirstTokenOnly)))];
            PromptLimit.Require(model, prompt.Length, continuations.Max(continuation => continuation.Tokens.Length));
            int keep = prefix.Length > 0 ? prefix.Length : prompt.Length;
            return ContinuationScoring.Run(model, prompt, keep, continuations, request.Tenant, cancellationToken, adapter);
        });

    private static void RequireAppend(LoadedModel model)
    {
        if (!model.Capabilities.CanAppend)
        {
            throw new UnsupportedOptionException($"'{model.Folder.Name}' cannot score on this device, whose runtime appends nothing after the prompt: run it on the processor.");
        }
    }

    private static int[] Encode(LoadedModel model, PromptMessage[] messages, LocalTemplate template)
    {
        int[] prompt = template == LocalTemplate.None
            ? model.Prompts.EncodeText(string.Concat(messages.Select(message => message.Text)))
            : model.Prompts.EncodeChat(messages);
        return prompt.Length > 0 ? prompt : throw new UnsupportedOptionException("The prompt is empty: give at least one message with text.");
    }

    private static int[] Continuation(LoadedModel model, string text, bool firstTokenOnly)
    {
        int[] tokens = model.Prompts.EncodeText(text);
        return firstTokenOnly ? tokens[..1] : tokens;
    }

    private static T Guard<T>(LoadedModel model, Func<T> work)
    {
        try
        {
            return work();
        }
        catch (OnnxRuntimeGenAIException error)
        {
            throw new EnsembleException($"The runtime of '{model.Folder.Name}' failed: {error.Message} If it happens again, export the model anew for ONNX Runtime GenAI {NativeRuntime.GenAIVersion()}.", error);
        }
    }
}
