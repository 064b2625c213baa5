namespace Ensemble.Cli;

/// <summary>How fast a model ran.</summary>
/// <param name="Prefill">Tokens of a prompt read in a second.</param>
/// <param name="Decode">Tokens of an answer written in a second.</param>
/// <param name="MemoryBytes">What the process grew by, in bytes.</param>
internal sealed record MeasuredSpeed(double Prefill, double Decode, long MemoryBytes)
{
    // A short question and a short paragraph: what the command line is mostly asked.
    private const double PromptTokens = 256;
    private const double AnswerTokens = 64;

    /// <summary>Gets the seconds that a typical request takes, which is what is made small.</summary>
    public double Seconds => (PromptTokens / Prefill) + (AnswerTokens / Decode);
}
