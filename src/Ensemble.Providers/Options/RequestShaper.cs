using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes the request that one provider can take: what it cannot is dropped with a note or refused, never lost in silence.</summary>
internal static class RequestShaper
{
    /// <summary>Returns the options for this provider; the caller's are not changed.</summary>
    public static ChatOptions? Options(HostedModel model, ChatOptions? options, OptionNotes notes)
    {
        if (options is null)
        {
            return null;
        }

        ChatOptions own = options.Clone();
        own.ModelId = null;
        HostedOptions can = model.Supported;
        if (own.ContinuationToken is not null)
        {
            // Without it the request would be a new one.
            throw new UnsupportedOptionException($"Model '{model.Name}' ({model.Preset.Name}) cannot go on with a background response: leave ContinuationToken out.");
        }

        Sampling(own, can, notes);
        Output(own, can, notes);
        Tools(own, can, model, notes);
        model.Dialect.Shape(own, model, notes);
        return own;
    }

    private static void Sampling(ChatOptions own, HostedOptions can, OptionNotes notes)
    {
        own.Temperature = Keep(own.Temperature, can, HostedOptions.Temperature, "temperature", notes);
        own.TopP = Keep(own.TopP, can, HostedOptions.TopP, "top_p", notes);
        own.TopK = Keep(own.TopK, can, HostedOptions.TopK, "top_k", notes);
        own.FrequencyPenalty = Keep(own.FrequencyPenalty, can, HostedOptions.FrequencyPenalty, "frequency_penalty", notes);
        own.PresencePenalty = Keep(own.PresencePenalty, can, HostedOptions.PresencePenalty, "presence_penalty", notes);
        own.Seed = Keep(own.Seed, can, HostedOptions.Seed, "seed", notes);
        if (own.StopSequences is { Count: > 0 } && Lacks(can, HostedOptions.StopSequences, "stop", notes))
        {
            own.StopSequences = null;
        }

        if (own.GetRequestedLogProbabilities() is not null && Lacks(can, HostedOptions.LogProbabilities, "logprobs", notes))
        {
            own.AdditionalProperties = new(own.AdditionalProperties!);
            own.AdditionalProperties.Remove(LogProbabilityExtensions.RequestKey);
        }
    }

    private static void Output(ChatOptions own, HostedOptions can, OptionNotes notes)
    {
        if (own.Reasoning is { } reasoning)
        {
            ReasoningEffort? effort = Keep(reasoning.Effort, can, HostedOptions.ReasoningEffort, "reasoning effort", notes);
            ReasoningOutput? output = Keep(reasoning.Output, can, HostedOptions.ReasoningOutput, "reasoning output", notes);
            own.Reasoning = effort is null && output is null ? null : new() { Effort = effort, Output = output };
        }

        if (own.ResponseFormat is ChatResponseFormatJson { Schema: null } && Lacks(can, HostedOptions.JsonObject, "JSON without a schema", notes))
        {
            own.ResponseFormat = null;
        }

        if (own.AllowBackgroundResponses is true)
        {
            // What comes back at once would be no answer, and nothing here would ask for it again.
            notes.Drop("background response");
            own.AllowBackgroundResponses = null;
        }

        if (own.ConversationId is not null && Lacks(can, HostedOptions.Conversations, "conversation id", notes))
        {
            own.ConversationId = null;
        }
    }

    private static void Tools(ChatOptions own, HostedOptions can, HostedModel model, OptionNotes notes)
    {
        if (own.Tools is not { Count: > 0 } tools)
        {
            return;
        }

        if (!can.HasFlag(HostedOptions.Tools))
        {
            // Without its tools the request is another one; that is no option to drop.
            throw new UnsupportedOptionException($"Model '{model.Name}' ({model.Preset.Name}) cannot call tools: leave them out, or ask another model.");
        }

        if (tools.Any(tool => !model.Dialect.PassesTool(tool)))
        {
            foreach (AITool tool in tools.Where(tool => !model.Dialect.PassesTool(tool)))
            {
                notes.Drop($"tool '{tool.Name}'");
            }

            own.Tools = [.. tools.Where(model.Dialect.PassesTool)];
        }

        if (own.ToolMode is RequiredChatToolMode && Lacks(can, HostedOptions.RequiredTool, "required tool call", notes))
        {
            own.ToolMode = null;
        }

        if (own.AllowMultipleToolCalls is not null && Lacks(can, HostedOptions.ParallelToolCalls, "parallel tool calls", notes))
        {
            own.AllowMultipleToolCalls = null;
        }
    }

    private static T? Keep<T>(T? value, HostedOptions can, HostedOptions option, string name, OptionNotes notes)
        where T : struct => value is not null && Lacks(can, option, name, notes) ? null : value;

    private static bool Lacks(HostedOptions can, HostedOptions option, string name, OptionNotes notes)
    {
        if (can.HasFlag(option))
        {
            return false;
        }

        notes.Drop(name);
        return true;
    }
}
