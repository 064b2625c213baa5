namespace Ensemble;

/// <summary>What a model can do beyond reading and writing text.</summary>
[Flags]
public enum ModelCapabilities
{
    /// <summary>Text only.</summary>
    None = 0,

    /// <summary>Calls tools.</summary>
    Tools = 1,

    /// <summary>Reads images.</summary>
    Vision = 2,

    /// <summary>Answers in JSON that follows a given schema.</summary>
    JsonSchema = 4,

    /// <summary>Reports the log-probabilities of its tokens.</summary>
    LogProbabilities = 8,

    /// <summary>Reasons before it answers, and takes an effort setting.</summary>
    Reasoning = 16,

    /// <summary>Reads sound.</summary>
    AudioInput = 32,

    /// <summary>Reads PDF documents.</summary>
    Documents = 64,

    /// <summary>Keeps the prefix of a prompt and reads it again at a lower price.</summary>
    PromptCache = 128,
}
