using Microsoft.Extensions.AI;

namespace Ensemble;

public sealed partial class TextClassifier
{
    /// <summary>Classifies one text: the embedding member first, then one voter after another until the answer is settled. A member that fails costs its ballot only; the receipt is then degraded.</summary>
    /// <param name="text">The text.</param>
    /// <param name="cancellationToken">Cancels the call.</param>
    /// <returns>The answer with its confidence and a receipt.</returns>
    /// <exception cref="EnsembleException">The text is empty.</exception>
    /// <exception cref="PromptTooLongException">The examples and the text fit no member's window.</exception>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    public Task<TextPrediction> PredictAsync(string text, CancellationToken cancellationToken = default) => PredictAsync(text, timeLeft: null, arrived: null, deferBelow: null, embeds: true, cancellationToken);

    /// <summary>Gives each voter, and the embedding member, as a member of its own for a <see cref="PanelChatClient"/>: it answers the last thing that the user said with its label, its habit taken off.</summary>
    /// <returns>The members, the embedding member first; they share this classifier.</returns>
    public IReadOnlyList<Member> ToMembers()
    {
        List<Member> members = _embeddings is null ? [] : [new Member(EmbeddingName, new TextVoterChatClient(EmbeddingName, EmbeddingAttempt.IsFree(_embeddings), EmbeddingAttempt.DescriptionOf(_embeddings), EmbedForVoteAsync))];
        foreach (BaggedVoter voter in _fit.Voters)
        {
            members.Add(new Member(voter.Name, new TextVoterChatClient(voter.Name, _scorer!.IsFree, description: null, async (text, cancellationToken) =>
            {
                (double[] row, Attempt attempt) = await _scorer!.ScoreAsync(voter.Name, voter.Prefix, text, cancellationToken).ConfigureAwait(false);
                return (_data.Labels[BaggingMath.Best(voter.Calibrate(row))], attempt);
            })));
        }

        return members;
    }

    /// <summary>Writes the question for a model that was not fitted: the labels, a few examples of each (those of the first bag, where there is one), and the text.</summary>
    internal IReadOnlyList<ChatMessage> Ask(string text)
    {
        List<ChatMessage> messages = [new(ChatRole.System, $"Answer with the {_data.LabelWord} of the {_data.TextWord}, which is one of: {string.Join(", ", _data.Labels)}. Answer with that and nothing else.")];
        foreach (LabeledExample example in _data.Shown().Select(i => _data.Examples[i]))
        {
            messages.Add(new(ChatRole.User, example.Text));
            messages.Add(new(ChatRole.Assistant, example.Label));
        }

        // All this is the classifier's own, and the text the caller's, which has been scanned.
        messages.Add(new(ChatRole.User, text));
        messages.ForEach(RequestRules.Configure);
        return messages;
    }

    /// <summary>Classifies one text within the time that is left, and tells each ballot as it arrives.</summary>
    /// <exception cref="DeadlineExceededException">The time was over before any ballot.</exception>
    internal async Task<TextPrediction> PredictAsync(string text, TimeSpan? timeLeft, Action<Ballot>? arrived, double? deferBelow, bool embeds, CancellationToken cancellationToken)
    {
        BagPrompt.RequireText(text);
        ReceiptBuilder receipt = new(Kind, Kind, _runtime.TimeProvider);
        using CancellationTokenSource? deadline = timeLeft is { } limit ? new CancellationTokenSource(limit, _runtime.TimeProvider) : null;
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, deadline?.Token ?? CancellationToken.None);
        Exception? error = null;
        double[]? embedding = null;
        if (_embeddings is not null && embeds)
        {
            (embedding, error) = await TryAsync(receipt, EmbeddingName, token => EmbedAsync(text, receipt, token), stop.Token, cancellationToken).ConfigureAwait(false);
            Tell(arrived, EmbeddingName, embedding);
        }

        List<VoterScores> scores = [];
        List<double[]> calibrated = [];
        double[]? bags = null;
        double[]? log = embedding;
        bool isSettled = false;
        for (int k = 0; k < _fit.Voters.Count && !stop.IsCancellationRequested; k++)
        {
            BaggedVoter voter = _fit.Voters[k];
            isSettled = _options.StopsEarly && IsSettled(log, embedding, calibrated, deferBelow ?? _fit.Threshold);
            if (isSettled)
            {
                receipt.Note($"{_fit.Voters.Count - k} of {_fit.Voters.Count} voters were not needed.");
                break;
            }

            (double[]? row, Exception? failed) = await TryAsync(receipt, voter.Name, token => ScoreAsync(voter, text, receipt, token), stop.Token, cancellationToken).ConfigureAwait(false);
            error ??= failed;
            if (row is null)
            {
                continue;
            }

            scores.Add(voter.Read(row));
            calibrated.Add([.. scores[^1].Calibrated]);
            Tell(arrived, voter.Name, calibrated[^1]);
            bags = BaggingMath.Scale(BaggingMath.Mean(calibrated), _fit.BagTemperature);
            log = embedding is null ? bags : BaggingMath.Scale(TextClassifierFit.Average(bags, embedding), _fit.FusionTemperature);
        }

        cancellationToken.ThrowIfCancellationRequested();
        if (stop.IsCancellationRequested)
        {
            receipt.Note("The deadline stopped the vote; it was counted with the ballots that had arrived.");
        }

        return log is null
            ? throw NoBallot(receipt.Build(), error, stop.IsCancellationRequested)
            : new TextPrediction(_data.Labels, log, scores, bags, embedding, Limit(bags, embedding, isSettled), receipt.Build(vote: Count(scores, embedding, log)));
    }

    private static EnsembleException NoBallot(Receipt receipt, Exception? error, bool late)
    {
        if (error is EnsembleException own)
        {
            // Its own words are the clearest: a text that is too long, labels that cannot be told apart.
            own.Attach(receipt);
            return own;
        }

        string attempts = string.Join("; ", receipt.Attempts.Select(a => $"{a.Member}: {a.Failure}, {a.Note}"));
        return late
            ? new DeadlineExceededException($"{Kind}: the deadline came before any ballot. {attempts}", error) { Receipt = receipt }
            : new AllMembersFailedException($"{Kind}: no member answered. {attempts}", receipt, error);
    }

    // A member that fails costs its ballot; the caller's cancellation is nobody's failure.
    private async Task<(double[]? Row, Exception? Error)> TryAsync(
        ReceiptBuilder receipt, string member, Func<CancellationToken, Task<double[]>> ask, CancellationToken stop, CancellationToken cancellationToken)
    {
        TimeSpan start = receipt.Elapsed;
        try
        {
            return (await ask(stop).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            cancellationToken.ThrowIfCancellationRequested();
            bool late = stop.IsCancellationRequested;
            receipt.Add(new Attempt
            {
                Member = member,
                Outcome = AttemptOutcome.Failed,
                Failure = late ? FailureClass.Timeout : _failures.Read(exception).Class,
                Note = late ? "the deadline came first" : FailureReader.Describe(exception),
                Duration = receipt.Elapsed - start,
                CostUsd = (member == EmbeddingName ? EmbeddingAttempt.IsFree(_embeddings!) : _scorer!.IsFree) ? 0m : null,
            });
            return (null, late ? null : exception);
        }
    }

    private async Task<double[]> ScoreAsync(BaggedVoter voter, string text, ReceiptBuilder receipt, CancellationToken cancellationToken)
    {
        (double[] row, Attempt attempt) = await _scorer!.ScoreAsync(voter.Name, voter.Prefix, text, cancellationToken).ConfigureAwait(false);
        receipt.Add(attempt);
        return row;
    }

    private async Task<double[]> EmbedAsync(string text, ReceiptBuilder receipt, CancellationToken cancellationToken)
    {
        (double[] row, Attempt attempt) = await EmbedAsync(text, cancellationToken).ConfigureAwait(false);
        receipt.Add(attempt);
        return row;
    }

    private async Task<(double[] Row, Attempt Attempt)> EmbedAsync(string text, CancellationToken cancellationToken)
    {
        long start = _runtime.TimeProvider.GetTimestamp();
        GeneratedEmbeddings<Embedding<float>> vectors = await _embeddings!.GenerateAsync([text], cancellationToken: cancellationToken).ConfigureAwait(false);
        double[] row = new double[_data.Labels.Count];
        _regression!.LogProbabilities(vectors[0].Vector.Span, row);
        Attempt attempt = EmbeddingAttempt.Answered(EmbeddingName, _embeddings, vectors.Usage, _runtime.TimeProvider.GetElapsedTime(start));
        return (BaggingMath.Scale(row, _fit.EmbeddingTemperature), attempt);
    }

    private async Task<(string Label, Attempt Attempt)> EmbedForVoteAsync(string text, CancellationToken cancellationToken)
    {
        (double[] row, Attempt attempt) = await EmbedAsync(text, cancellationToken).ConfigureAwait(false);
        return (_data.Labels[BaggingMath.Best(row)], attempt);
    }

    private void Tell(Action<Ballot>? arrived, string voter, double[]? row)
    {
        if (row is not null)
        {
            arrived?.Invoke(new Ballot { Voter = voter, Choice = _data.Labels[BaggingMath.Best(row)] });
        }
    }

    // What is not sure enough to stay here has not heard its own voters yet.
    private bool IsSettled(double[]? log, double[]? embedding, List<double[]> calibrated, double deferBelow) =>
        log is not null && (embedding is null
            ? calibrated.Count >= LeastVoters && BaggingMath.Lead(BaggingMath.Mean(calibrated)) > 1 / Math.Sqrt(calibrated.Count)
            : Math.Exp(log[BaggingMath.Best(log)]) >= Math.Max(_options.StopAt, deferBelow));

    // Confidences of one member are not those of both: whoever is missing takes the threshold that was learned with it along.
    private double Limit(double[]? bags, double[]? embedding, bool isSettled) =>
        embedding is null && _embeddings is not null ? _fit.BagThreshold
        : bags is null && _fit.Voters.Count > 0 && !isSettled ? _fit.EmbeddingThreshold
        : _fit.Threshold;

    private Vote Count(List<VoterScores> scores, double[]? embedding, double[] log)
    {
        List<Ballot> ballots = [.. scores.Select(voter => new Ballot { Voter = voter.Voter, Choice = _data.Labels[BaggingMath.Best([.. voter.Calibrated])] })];
        if (embedding is not null)
        {
            ballots.Insert(0, new Ballot { Voter = EmbeddingName, Choice = _data.Labels[BaggingMath.Best(embedding)] });
        }

        KeyValuePair<string, double>[] shares = [.. _data.Labels.Select((label, c) => KeyValuePair.Create(label, Math.Exp(log[c]))).OrderByDescending(share => share.Value)];
        return new Vote { Outcome = VoteOutcome.Decided, Winner = shares[0].Key, Agreement = shares[0].Value, Counts = shares, Ballots = ballots };
    }
}
