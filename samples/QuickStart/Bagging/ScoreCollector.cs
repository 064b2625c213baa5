using Ensemble;
using Microsoft.Extensions.AI;

namespace QuickStart.Bagging;

/// <summary>Asks every voter for the log-probability of every label: of the test messages, and of the examples that it has not seen.</summary>
internal sealed class ScoreCollector(TicketSet tickets)
{
    private readonly string[] _continuations = [.. tickets.Labels.Select(label => $" {label}")];

    /// <summary>Asks all voters, one after another; a voter's own examples are read once and kept by the model between its questions.</summary>
    /// <param name="voters">The voters.</param>
    /// <param name="progress">Told after each question.</param>
    /// <param name="cancellationToken">Stops after the question at hand.</param>
    public async Task<Scores> CollectAsync(IReadOnlyList<Member> voters, IProgress<int> progress, CancellationToken cancellationToken)
    {
        double[][][] raw = new double[voters.Count][][];
        double[]?[][] outOfBag = new double[]?[voters.Count][];
        for (int voter = 0; voter < voters.Count; voter++)
        {
            IContinuationScorer scorer = voters[voter].Client.GetRequiredService<IContinuationScorer>();
            raw[voter] = new double[tickets.Test.Count][];
            for (int item = 0; item < tickets.Test.Count; item++)
            {
                raw[voter][item] = await AskAsync(scorer, tickets.Test[item].Text, cancellationToken);
                progress.Report(voter);
            }

            outOfBag[voter] = new double[]?[tickets.Examples.Count];
            for (int example = 0; example < tickets.Examples.Count; example++)
            {
                if (!tickets.Bags[voter].Contains(example))
                {
                    outOfBag[voter][example] = await AskAsync(scorer, tickets.Examples[example].Text, cancellationToken);
                    progress.Report(voter);
                }
            }
        }

        return new Scores(tickets, raw, outOfBag);
    }

    /// <summary>Gets how many questions <see cref="CollectAsync"/> asks one voter.</summary>
    public int QuestionsOf(int voter) => tickets.Test.Count + tickets.Examples.Count - tickets.Bags[voter].Count;

    private async Task<double[]> AskAsync(IContinuationScorer scorer, string text, CancellationToken cancellationToken)
    {
        ScoringRequest request = ScoringRequest.ForMessages([new ChatMessage(ChatRole.User, tickets.Question(text))], _continuations, firstTokenOnly: true);
        ContinuationScores scores = await scorer.ScoreAsync(request, cancellationToken);
        return LogProbabilities.Normalise([.. scores.Scores.Select(score => score.LogLikelihood)]);
    }
}
