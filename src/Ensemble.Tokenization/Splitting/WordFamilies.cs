namespace Ensemble.Tokenization.Splitting;

/// <summary>The part of <see cref="SplitRules"/> that the block splitter is compiled for, once for each family.</summary>
internal interface IWordFamily
{
    /// <inheritdoc cref="SplitRules.SplitsAtCase"/>
    static abstract bool SplitsAtCase { get; }

    /// <inheritdoc cref="SplitRules.AnyLetterPrefix"/>
    static abstract bool AnyLetterPrefix { get; }

    /// <inheritdoc cref="SplitRules.NewlinesEndRuns"/>
    static abstract bool NewlinesEndRuns { get; }
}

/// <summary>The family of <see cref="SplitRules.O200k"/>.</summary>
internal readonly struct CasedWords : IWordFamily
{
    public static bool SplitsAtCase => true;

    public static bool AnyLetterPrefix => true;

    public static bool NewlinesEndRuns => true;
}

/// <summary>The family of <see cref="SplitRules.Cl100k"/>, Llama 3 and Qwen 2.</summary>
internal readonly struct PlainWords : IWordFamily
{
    public static bool SplitsAtCase => false;

    public static bool AnyLetterPrefix => true;

    public static bool NewlinesEndRuns => true;
}

/// <summary>The family of <see cref="SplitRules.Gpt2"/>.</summary>
internal readonly struct SpacedWords : IWordFamily
{
    public static bool SplitsAtCase => false;

    public static bool AnyLetterPrefix => false;

    public static bool NewlinesEndRuns => false;
}
