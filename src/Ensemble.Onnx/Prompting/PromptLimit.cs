namespace Ensemble.Onnx;

/// <summary>Checks prompts against the window before the runtime does.</summary>
internal static class PromptLimit
{
    /// <summary>Refuses a prompt that leaves no room for what has to follow it.</summary>
    internal static void Require(LoadedModel model, int prompt, int room)
    {
        int window = model.Config.ContextLength;
        if (prompt + room > window)
        {
            throw new PromptTooLongException($"The prompt has {prompt} tokens and the answer needs {room}, and the window of '{model.Folder.Name}' is {window}: shorten the prompt, or ask a model with a larger window.")
            {
                PromptTokens = prompt,
                ContextWindow = window,
            };
        }
    }
}
