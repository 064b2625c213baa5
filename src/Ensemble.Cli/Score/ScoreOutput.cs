namespace Ensemble.Cli;

/// <summary>What <c>score</c> found.</summary>
internal sealed record ScoreOutput
{
    /// <summary>Gets the model that was asked.</summary>
    public required string Model { get; init; }

    /// <summary>Gets the most probable choice.</summary>
    public required string Best { get; init; }

    /// <summary>Gets the choices, the most probable first.</summary>
    public required IReadOnlyList<ChoiceScore> Choices { get; init; }

    /// <summary>Puts the scores in order and shares 100 % among the choices.</summary>
    public static ScoreOutput Create(string model, IReadOnlyList<string> choices, ContinuationScores scores)
    {
        // The largest is taken out first, so that exp never underflows for all of them.
        double largest = scores.Best.LogLikelihood;
        double sum = scores.Scores.Sum(score => Math.Exp(score.LogLikelihood - largest));
        ChoiceScore[] ordered = [.. choices.Zip(scores.Scores, (choice, score) => new ChoiceScore
        {
            Choice = choice,
            Share = Math.Exp(score.LogLikelihood - largest) / sum,
            LogLikelihood = score.LogLikelihood,
            Tokens = score.Tokens.Count,
            Perplexity = score.Perplexity,
        }).OrderByDescending(score => score.LogLikelihood)];
        return new ScoreOutput { Model = model, Best = ordered[0].Choice, Choices = ordered };
    }
}
