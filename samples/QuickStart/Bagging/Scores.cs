namespace QuickStart.Bagging;

/// <summary>What every voter said: the normalised log-probability of each label for each text.</summary>
internal sealed class Scores
{
    private readonly TicketSet _tickets;
    private readonly double[][][] _raw;
    private readonly double[][][] _outOfBag;
    private readonly double[][] _centres;

    /// <summary>Takes the voters' answers.</summary>
    /// <param name="tickets">The data.</param>
    /// <param name="raw">By voter, test message and label.</param>
    /// <param name="outOfBag">By voter, example and label; <see langword="null"/> where the voter has the example in its own prompt.</param>
    public Scores(TicketSet tickets, double[][][] raw, double[]?[][] outOfBag)
    {
        _tickets = tickets;
        _raw = raw;
        _outOfBag = [.. outOfBag.Select(voter => voter.Select(scores => scores ?? []).ToArray())];
        _centres = [.. _outOfBag.Select(Centre)];
    }

    /// <summary>Gets the number of voters.</summary>
    public int Voters => _raw.Length;

    /// <summary>Gets the number of test messages.</summary>
    public int Items => _tickets.Test.Count;

    /// <summary>Counts how many messages one voter gets right.</summary>
    public int Right(int voter, bool centred) => Count(item => LogProbabilities.Best(Voter(voter, item, centred)));

    /// <summary>Counts how many messages the majority of the voters gets right; on a tie the label that comes first in the list of labels counts.</summary>
    public int RightByVote(bool centred) => Count(item =>
    {
        double[] votes = new double[_tickets.Labels.Count];
        for (int voter = 0; voter < Voters; voter++)
        {
            votes[LogProbabilities.Best(Voter(voter, item, centred))]++;
        }

        return LogProbabilities.Best(votes);
    });

    /// <summary>Counts how many messages the voters' mean log-probability gets right, after centring.</summary>
    public int RightByMean() => Count(item => LogProbabilities.Best(
        LogProbabilities.Mean([.. Enumerable.Range(0, Voters).Select(voter => Voter(voter, item, centred: true))])));

    /// <summary>Gives the share of messages that one answer drawn at temperature 1 gets right, averaged over the voters: the expectation, so no chance is in it.</summary>
    public double ExpectedShareOfOneSample() => Enumerable.Range(0, Items).Average(item =>
        _raw.Average(voter => Math.Exp(voter[item][_tickets.IndexOf(_tickets.Test[item].Label)])));

    /// <summary>
    /// Counts how many of the labelled examples the ensemble gets right when each is judged only by the voters that have not seen
    /// it: the accuracy that is known before the first message arrives.
    /// </summary>
    public int RightOutOfBag()
    {
        int right = 0;
        for (int example = 0; example < _tickets.Examples.Count; example++)
        {
            double[][] judges = [.. Enumerable.Range(0, Voters)
                .Where(voter => _outOfBag[voter][example].Length > 0)
                .Select(voter => LogProbabilities.Centre(_outOfBag[voter][example], _centres[voter]))];
            right += judges.Length > 0 && LogProbabilities.Best(LogProbabilities.Mean(judges)) == _tickets.IndexOf(_tickets.Examples[example].Label) ? 1 : 0;
        }

        return right;
    }

    private double[] Voter(int voter, int item, bool centred) =>
        centred ? LogProbabilities.Centre(_raw[voter][item], _centres[voter]) : _raw[voter][item];

    private int Count(Func<int, int> answer) =>
        Enumerable.Range(0, Items).Count(item => answer(item) == _tickets.IndexOf(_tickets.Test[item].Label));

    // A voter's habit: the mean score of each label over the examples outside its own prompt, every right label weighing the same.
    private double[] Centre(double[][] voter) => LogProbabilities.Mean([.. Enumerable.Range(0, voter.Length)
        .Where(example => voter[example].Length > 0)
        .GroupBy(example => _tickets.Examples[example].Label)
        .Select(label => LogProbabilities.Mean([.. label.Select(example => voter[example])]))]);
}
