namespace Ensemble;

/// <summary>What a request may ask of a hosted model beyond plain text.</summary>
[Flags]
public enum HostedOptions
{
    /// <summary>Nothing.</summary>
    None = 0,

    /// <summary>The temperature.</summary>
    Temperature = 1 << 0,

    /// <summary>The nucleus.</summary>
    TopP = 1 << 1,

    /// <summary>The number of tokens to choose from.</summary>
    TopK = 1 << 2,

    /// <summary>The frequency penalty.</summary>
    FrequencyPenalty = 1 << 3,

    /// <summary>The presence penalty.</summary>
    PresencePenalty = 1 << 4,

    /// <summary>The seed.</summary>
    Seed = 1 << 5,

    /// <summary>Stop sequences.</summary>
    StopSequences = 1 << 6,

    /// <summary>Tools.</summary>
    Tools = 1 << 7,

    /// <summary>A tool, or any tool, that has to be called.</summary>
    RequiredTool = 1 << 8,

    /// <summary>Whether several tools may be called at once.</summary>
    ParallelToolCalls = 1 << 9,

    /// <summary>JSON without a schema.</summary>
    JsonObject = 1 << 10,

    /// <summary>JSON that follows a schema.</summary>
    JsonSchema = 1 << 11,

    /// <summary>The effort of reasoning.</summary>
    ReasoningEffort = 1 << 12,

    /// <summary>A summary of the reasoning.</summary>
    ReasoningOutput = 1 << 13,

    /// <summary>Log-probabilities of the answer's tokens.</summary>
    LogProbabilities = 1 << 14,

    /// <summary>Images given as bytes.</summary>
    Images = 1 << 15,

    /// <summary>Images given as addresses.</summary>
    ImageAddresses = 1 << 16,

    /// <summary>PDF files given as bytes.</summary>
    Files = 1 << 17,

    /// <summary>Audio given as bytes.</summary>
    Audio = 1 << 18,

    /// <summary>Files that the provider keeps.</summary>
    HostedFiles = 1 << 19,

    /// <summary>Conversations that the provider keeps.</summary>
    Conversations = 1 << 20,

    /// <summary>The limit of output tokens.</summary>
    MaxOutputTokens = 1 << 21,
}
