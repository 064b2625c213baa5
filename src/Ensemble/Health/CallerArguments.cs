using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Tells the arguments that a caller hands to a chat client from those of the client's own code.</summary>
internal static class CallerArguments
{
    private static readonly string[] Parameters = ["message", "messages", "chatMessage", "chatMessages", "options", "chatOptions"];

    private static readonly string[] Options =
    [
        nameof(ChatOptions.ConversationId), nameof(ChatOptions.Instructions), nameof(ChatOptions.Temperature), nameof(ChatOptions.MaxOutputTokens), nameof(ChatOptions.TopP),
        nameof(ChatOptions.TopK), nameof(ChatOptions.FrequencyPenalty), nameof(ChatOptions.PresencePenalty), nameof(ChatOptions.Seed), nameof(ChatOptions.Reasoning),
        nameof(ChatOptions.ResponseFormat), nameof(ChatOptions.StopSequences), nameof(ChatOptions.ToolMode), nameof(ChatOptions.Tools),
    ];

    /// <summary>Says whether the name of a parameter, as an <see cref="ArgumentException"/> tells it, is one of what the caller gave: <c>messages</c>, <c>options.TopP</c>, <c>temperature</c>.</summary>
    public static bool Names(string? parameter)
    {
        ReadOnlySpan<char> name = parameter;
        int dot = name.IndexOf('.');
        return Is(Parameters, dot < 0 ? name : name[..dot].TrimEnd("?!")) || Is(Options, name[(name.LastIndexOf('.') + 1)..]);
    }

    private static bool Is(string[] names, ReadOnlySpan<char> name)
    {
        foreach (string known in names)
        {
            if (name.Equals(known, StringComparison.OrdinalIgnoreCase))
            {
                return true;
            }
        }

        return false;
    }
}
