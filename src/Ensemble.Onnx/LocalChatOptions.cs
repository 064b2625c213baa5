namespace Ensemble.Onnx;

/// <summary>The keys of what local models understand in <see cref="Microsoft.Extensions.AI.ChatOptions.AdditionalProperties"/> beside the platform's own options.</summary>
public static class LocalChatOptions
{
    /// <summary>The share of the most probable token's probability that a token needs to stay, from 0 (all stay) to 1; a number.</summary>
    public const string MinP = "min_p";

    /// <summary>What is added to the logit of a token before anything else: a dictionary from the token's id (<see cref="int"/>) to a <see cref="float"/>.</summary>
    public const string LogitBias = "logit_bias";

    /// <summary>The key under which a response tells the seed that its tokens were drawn with, a <see cref="long"/>: the same seed gives the same text.</summary>
    public const string Seed = "ensemble.seed";
}
