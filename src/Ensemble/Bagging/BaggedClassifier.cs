using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Several voters of one model, each with its own labelled examples before the text, calibrated on the examples it was not shown; the
/// answer is the label with the largest mean log-probability. Needs a model that scores continuations
/// (<see cref="IContinuationScorer"/>). Safe for use by many threads at once; it does not own the client.
/// </summary>
public sealed class BaggedClassifier
{
    private const string Kind = "bagging";

    private readonly BagScorer _scorer;

    private BaggedClassifier(BagScorer scorer, IReadOnlyList<BaggedVoter> voters, Accuracy outOfBag)
    {
        _scorer = scorer;
        Voters = voters;
        OutOfBagAccuracy = outOfBag;
    }

    /// <summary>Gets the voters in order.</summary>
    public IReadOnlyList<BaggedVoter> Voters { get; }

    /// <summary>Gets how often the classifier is right, estimated before it has seen any new text: each example is judged by the voters that were not shown it.</summary>
    public Accuracy OutOfBagAccuracy { get; }

    /// <summary>Calibrates the voters. The model scores every example once for each voter that was not shown it.</summary>
    /// <param name="client">The model.</param>
    /// <param name="data">The examples, and which of them each voter is shown.</param>
    /// <param name="runtime">The clock of receipts; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <param name="progress">Is told how far the fit has come.</param>
    /// <param name="cancellationToken">Cancels the fit.</param>
    /// <returns>The classifier.</returns>
    /// <exception cref="UnsupportedOptionException">The client cannot score continuations.</exception>
    /// <exception cref="EnsembleException">Two labels start with the same token.</exception>
    public static async Task<BaggedClassifier> FitAsync(
        IChatClient client, BaggingData data, EnsembleRuntime? runtime = null, IProgress<BaggingProgress>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(client);
        ArgumentNullException.ThrowIfNull(data);
        BagScorer scorer = new(client, data, (runtime ?? EnsembleRuntime.Default).TimeProvider);
        (BaggedVoter[] voters, List<double[]>[] calibrated) = await BagFit.RunAsync(scorer, fitsSlope: false, progress, cancellationToken).ConfigureAwait(false);
        return new BaggedClassifier(scorer, voters, OutOfBag(calibrated, data.LabelIndices()));
    }

    /// <summary>Classifies one text.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer with every voter's scores and a receipt.</returns>
    /// <exception cref="EnsembleException">The text is empty.</exception>
    /// <exception cref="PromptTooLongException">The examples and the text do not fit the model's window.</exception>
    public async Task<BaggedPrediction> PredictAsync(string text, CancellationToken cancellationToken = default)
    {
        BagPrompt.RequireText(text);
        ReceiptBuilder receipt = new(Kind, Kind, _scorer.Time);
        VoterScores[] scores = new VoterScores[Voters.Count];
        for (int k = 0; k < scores.Length; k++)
        {
            BaggedVoter voter = Voters[k];
            (double[] row, Attempt attempt) = await _scorer.ScoreAsync(voter.Name, voter.Prefix, text, cancellationToken).ConfigureAwait(false);
            receipt.Add(attempt);
            scores[k] = voter.Read(row);
        }

        IReadOnlyList<string> labels = _scorer.Data.Labels;
        double[] mean = BaggingMath.Mean([.. scores.Select(s => s.Calibrated.ToArray())]);
        Vote raw = Count(scores, labels, s => s.LogProbabilities);
        return new BaggedPrediction(labels, scores, receipt.Build(vote: Count(scores, labels, s => s.Calibrated)), raw, mean);
    }

    private static Vote Count(VoterScores[] scores, IReadOnlyList<string> labels, Func<VoterScores, IReadOnlyList<double>> select)
    {
        double[] mean = BaggingMath.Mean([.. scores.Select(s => select(s).ToArray())]);
        Ballot[] ballots = [.. scores.Select(s => new Ballot { Voter = s.Voter, Choice = labels[BaggingMath.Best([.. select(s)])] })];
        return Plurality.Count(ballots, choice => mean[labels.ToList().IndexOf(choice)]);
    }

    private static Accuracy OutOfBag(List<double[]>[] calibrated, int[] labels)
    {
        int right = 0;
        int judged = 0;
        for (int i = 0; i < labels.Length; i++)
        {
            if (calibrated[i].Count > 0)
            {
                judged++;
                right += BaggingMath.Best(BaggingMath.Mean(calibrated[i])) == labels[i] ? 1 : 0;
            }
        }

        return Accuracy.OfCount(right, judged);
    }
}
