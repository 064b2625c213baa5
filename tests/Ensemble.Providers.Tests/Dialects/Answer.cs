namespace Ensemble.Providers.Tests;

/// <summary>An answer as every dialect can write it.</summary>
internal sealed record Answer
{
    public IReadOnlyList<string> Pieces { get; init; } = ["The answer", " is", " forty-two", "."];

    public AnswerEnd End { get; init; }

    public IReadOnlyList<AnswerCall> Calls { get; init; } = [];

    public string? Refusal { get; init; }

    public AnswerUsage? Usage { get; init; } = new();

    public bool LogProbabilities { get; init; }

    public string Text => string.Concat(Pieces);
}

/// <summary>A tool call; its arguments arrive in pieces.</summary>
internal sealed record AnswerCall(string Id, string Name, IReadOnlyList<string> Arguments);

/// <summary>What the provider says the answer took.</summary>
internal sealed record AnswerUsage(int Input = 11, int Output = 7, int Cached = 4, int Reasoning = 2, int Written = 0);

/// <summary>How an answer ends.</summary>
internal enum AnswerEnd
{
    Stop = 0,
    Length,
    Calls,
    Filter,
}
