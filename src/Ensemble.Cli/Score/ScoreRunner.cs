using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Runs <c>score</c>.</summary>
internal static class ScoreRunner
{
    /// <summary>Scores the choices and prints them, the most probable first.</summary>
    public static async Task<int> RunAsync(CliContext context, ScoreRequest request, CancellationToken cancellationToken)
    {
        await using EnsembleSession session = EnsembleSession.Open(context, request.ConfigurationFile, request.Model);
        string name = session.ChosenName;
        IContinuationScorer scorer = session.ChosenClient().GetService<IContinuationScorer>()
            ?? throw new CliException($"'{name}' cannot score: only models that give log-probabilities of a given text can, as local models do. Name one with --model.");
        ContinuationScores scores = await scorer.ScoreAsync(CreateScoring(request), cancellationToken);
        ScoreOutput output = ScoreOutput.Create(name, request.Choices, scores);
        if (request.Json)
        {
            context.Terminal.Out.WriteLine(JsonSerializer.Serialize(output, CliJson.Readable.ScoreOutput));
        }
        else
        {
            ScoreTable.Write(context.Terminal.RichOut, output);
        }

        return ExitCode.Ok;
    }

    // Tokens of words carry their space in front, so a choice is scored with it; an answer of a chat begins without one.
    private static ScoringRequest CreateScoring(ScoreRequest request)
    {
        if (request.Chat)
        {
            return ScoringRequest.ForMessages([new ChatMessage(ChatRole.User, request.Prompt)], request.Choices);
        }

        string space = char.IsWhiteSpace(request.Prompt[^1]) ? "" : " ";
        return ScoringRequest.ForText("", request.Prompt, [.. request.Choices.Select(choice => space + choice)]);
    }
}
