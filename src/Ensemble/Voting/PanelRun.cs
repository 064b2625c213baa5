using System.Threading.Channels;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One question before a panel: every voter at work, the vote stopped when it is settled, then the count.</summary>
internal sealed partial class PanelRun
{
    // A local model stops within a token, a hosted one when its connection is closed.
    private static readonly TimeSpan LoserGrace = TimeSpan.FromMilliseconds(250);

    private readonly PanelChatClient _panel;
    private readonly PanelQuestion _question;
    private readonly ReceiptBuilder _receipt;
    private readonly IReadOnlyList<ChatMessage> _messages;
    private readonly CancellationToken _callerToken;
    private readonly EnsembleRequest? _request;
    private readonly bool _hasOpaqueState;
    private readonly Envelope? _envelope;
    private readonly RequestRules? _rules;
    private readonly CancellationTokenSource? _deadline;
    private readonly CancellationTokenSource _stop;
    private readonly TaskCompletionSource _counted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly double[] _weights;
    private readonly Task<PanelVote>[] _voters;
    private readonly PanelVote?[] _votes;

    // Each ballot is taken where it arrives, before the next one can: the order of arrival is that of the clock, not of the thread pool.
    private readonly Channel<Task<PanelVote>> _arrivals = Channel.CreateUnbounded<Task<PanelVote>>(new UnboundedChannelOptions { SingleReader = true, AllowSynchronousContinuations = true });
    private Task<PanelVote[]>? _settled;

    public PanelRun(PanelChatClient panel, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _panel = panel;
        _messages = messages;
        _callerToken = cancellationToken;
        _request = options.GetEnsembleRequest();
        _hasOpaqueState = panel.Members.Count > 1 && OpaqueState.IsIn(messages);
        _envelope = panel.Runner.Envelope(options);
        _rules = panel.Runner.Rules(messages, options);
        _question = PanelQuestion.Create(panel.Name, panel.Options, options);
        _receipt = new ReceiptBuilder(panel.Name, PanelChatClient.Kind, panel.Runner.Time);
        if (options?.RawRepresentationFactory is not null)
        {
            _receipt.Note("RawRepresentationFactory was dropped: it is made for one provider, and a panel asks several members.");
        }

        if (_hasOpaqueState && panel.Voters.Any(voter => !ReferenceEquals(MessagesFor(voter), messages)))
        {
            _receipt.Note("reasoning that only another provider can read was stripped for every member but the one that it came from.");
        }

        _weights = CloneFilter.Weights(panel.Voters, _question.Temperature);
        for (int i = 0; i < _weights.Length; i++)
        {
            _weights[i] *= panel.Weights[i];
        }

        _deadline = Envelope.Least(panel.Options.Deadline, _envelope?.TimeLeft) is { } limit ? new CancellationTokenSource(limit, panel.Runner.Time) : null;
        _stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _deadline?.Token ?? CancellationToken.None);
        _votes = new PanelVote?[panel.Voters.Count];
        _voters = [.. panel.Voters.Select((_, index) => AskAsync(index))];
        foreach (Task<PanelVote> voter in _voters)
        {
            _ = voter.ContinueWith(done => _arrivals.Writer.TryWrite(done), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }
    }

    private bool IsLate => _deadline is { IsCancellationRequested: true } && !_callerToken.IsCancellationRequested;

    /// <summary>Gives the ballots as they arrive, until the rest cannot change the outcome or the deadline has come.</summary>
    public async IAsyncEnumerable<Ballot> BallotsAsync()
    {
        for (int heard = 0; heard < _voters.Length && !IsDecided() && await NextAsync().ConfigureAwait(false) is { } voter; heard++)
        {
            if (Take(await voter.ConfigureAwait(false)) is { } ballot)
            {
                yield return ballot;
            }
        }

        // What was ready at the same moment counts; it is paid for.
        foreach (Task<PanelVote> voter in _voters.Where(static voter => voter.IsCompletedSuccessfully))
        {
            if (Take(await voter.ConfigureAwait(false)) is { } ballot)
            {
                yield return ballot;
            }
        }
    }

    /// <summary>Stops whoever is still at work, and counts.</summary>
    public async Task<ChatResponse> CountAsync()
    {
        PanelVote[] votes = await SettleAsync().ConfigureAwait(false);
        try
        {
            return await CountAsync(votes).ConfigureAwait(false);
        }
        finally
        {
            _counted.TrySetResult();
        }
    }

    private async Task<ChatResponse> CountAsync(PanelVote[] votes)
    {
        if (_callerToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller cancelled.", _callerToken);
        }

        int first = Array.FindIndex(votes, vote => vote.Result.Succeeded);
        if (first < 0)
        {
            throw AllFailed([.. votes.Select(vote => vote.Result)]);
        }

        // Whoever is asked to group or to judge has the caller's time and the vote's, as the voters had.
        using CancellationTokenSource rest = CancellationTokenSource.CreateLinkedTokenSource(_callerToken, _deadline?.Token ?? CancellationToken.None);
        if (_question.Clusters is { } clusters)
        {
            votes = await ClusterAsync(votes, clusters, rest.Token).ConfigureAwait(false);
        }

        foreach (PanelVote cut in votes.Where(vote => vote.Ballot.IsCutOff))
        {
            _receipt.Note($"{cut.Ballot.Voter}: the answer was cut off at its output limit; it is no ballot.");
        }

        Vote vote = Bounded(_question.Count([.. votes.Select(vote => vote.Ballot)]), votes);
        UsageDetails? usage = Sum(votes.Select(vote => vote.Result));
        if (_question.IsFreeText)
        {
            vote = vote.With(VoteOutcome.NoConsensus);
        }
        else if (_panel.Judge is { } judge && !_question.IsTyped && TieBreaker.Leaders(vote) is { Count: > 1 and <= 26 } leaders)
        {
            if (IsLate)
            {
                _receipt.Degrade($"The deadline came before {judge.Name} could be asked to break the tie; the vote stands.");
            }
            else
            {
                (AttemptResult result, vote) = await JudgeAsync(judge, vote, leaders, rest.Token).ConfigureAwait(false);
                usage = Sum([.. votes.Select(vote => vote.Result), result]);
            }
        }

        int chosen = vote.Winner is { } winner && !_question.IsFreeText
            ? Array.FindIndex(votes, vote => vote.Ballot.Choice == winner)
            : Array.FindIndex(votes, vote => vote.Result.Succeeded && _panel.Voters[vote.Index].IsGreedy) is >= 0 and var greedy ? greedy : first;
        vote = _question.IsFreeText ? new Vote { Outcome = VoteOutcome.NoConsensus, Ballots = vote.Ballots } : vote;
        if (vote.Winner is null && _question.ExpectsJson)
        {
            _receipt.Degrade("No member gave JSON that fits the schema; the text of the first one stands, and is no result.");
        }

        Log.Voted(_panel.Runner.Logger, _panel.Name, vote.Outcome, vote.Agreement, vote.Ballots.Count);
        return Answer(votes[chosen < 0 ? first : chosen].Result.Response!, vote, chosen < 0 ? null : _panel.Voters[chosen].Name, usage);
    }

    // The judge is asked another question, but on behalf of the same tenant and from the same purse.
    private ChatOptions? OptionsForJudge(Member judge)
    {
        ChatOptions? own = _request is { } request ? new ChatOptions().WithEnsemble(_ => request with { Choices = null, FieldRules = null, Deferrals = [] }) : null;
        return MemberRequest.Within(_envelope, _rules, judge, MemberRequest.For(judge.Client, own, keepRawFactory: false));
    }

    // Provider state goes to its issuer only, as within a router.
    private IReadOnlyList<ChatMessage> MessagesFor(Member member) => _hasOpaqueState ? OpaqueState.For(_panel.Name, _panel.Members, member, _messages, out _) : _messages;

    private async Task<(AttemptResult Result, Vote Vote)> JudgeAsync(Member judge, Vote vote, IReadOnlyList<string> leaders, CancellationToken cancellationToken)
    {
        (AttemptResult result, string? choice) = await TieBreaker.AskAsync(_panel.Runner, judge, MessagesFor(judge), leaders, OptionsForJudge(judge), _rules, cancellationToken).ConfigureAwait(false);
        bool isLate = result.Cancelled && IsLate;
        result = isLate ? Late(judge, result) : result;
        _receipt.Add(result.Attempt);
        _receipt.Note(
            isLate ? $"The deadline stopped {judge.Name} before it had broken the tie; the vote stands."
            : result.Error is NoEligibleModelException ? $"{judge.Name} may not be asked to break the tie; the vote stands."
            : !result.Succeeded ? $"{judge.Name} was asked to break the tie and failed; the vote stands."
            : choice is null ? $"{judge.Name} was asked to break the tie and named none of the choices; the vote stands."
            : $"{judge.Name} broke the tie.");
        return (result, choice is null ? vote : vote.WithTieBroken(choice, judge.Name));
    }

    /// <summary>Writes the receipt of a question that nobody waits for any more, once every voter has stopped.</summary>
    public async Task<Receipt> AbandonAsync()
    {
        await SettleAsync().ConfigureAwait(false);
        _counted.TrySetResult();
        return _receipt.Build();
    }

    // An embedding model that fails costs the grouping, not the vote.
    private async Task<PanelVote[]> ClusterAsync(PanelVote[] votes, AnswerClusterOptions clusters, CancellationToken cancellationToken)
    {
        string[] answers = [.. votes.Where(vote => !vote.Ballot.IsCutOff).Select(vote => vote.Ballot.Text).OfType<string>()];
        IReadOnlyDictionary<string, string?> groups;

        // The answers are sent, and they may hold what the question did not.
        if (_rules?.RefuseEmbeddings(clusters.Embeddings, [.. _messages, .. answers.Select(answer => new ChatMessage(ChatRole.Assistant, answer))], options: null) is { } refusal)
        {
            _receipt.Note($"the answers were compared word by word only ({refusal})");
            return Grouped(votes, AnswerClusters.FindExact(answers));
        }

        try
        {
            groups = await AnswerClusters.FindAsync(answers, clusters, cancellationToken).ConfigureAwait(false);
        }
        catch (Exception exception)
        {
            _callerToken.ThrowIfCancellationRequested();
            _receipt.Add(new Attempt { Member = EmbeddingAttempt.Name, Outcome = AttemptOutcome.Failed, Failure = _panel.Runner.Read(exception).Class, Note = FailureReader.Describe(exception) });
            groups = AnswerClusters.FindExact(answers);
        }

        return Grouped(votes, groups);
    }

    private static PanelVote[] Grouped(PanelVote[] votes, IReadOnlyDictionary<string, string?> groups) =>
        [.. votes.Select(vote => vote.Ballot is { IsCutOff: false, Text: { } text } ? vote with { Ballot = vote.Ballot.WithChoice(groups[text]) } : vote)];

    private async Task<PanelVote> AskAsync(int index)
    {
        Member member = _panel.Voters[index];
        AttemptResult result = _question.WantsProbabilities && member.Client.GetService<IContinuationScorer>() is { } scorer
            ? await ChoiceScoring.AskAsync(
                _panel.Runner, member, scorer, MessagesFor(member), _rules, _question.Choices!, _panel.Calibrations[index], _request?.Tenant, _stop.Token).ConfigureAwait(false)
            : await _panel.Runner.AskAsync(member, MessagesFor(member), MemberRequest.Within(_envelope, _rules, member, _question.OptionsFor(member)), _rules, _panel.Runner.Timeout, _stop.Token).ConfigureAwait(false);
        return Read(index, result);
    }

    private PanelVote Read(int index, AttemptResult result)
    {
        Member member = _panel.Voters[index];
        return new(index, result, _question.Read(member, result, _weights[index], error => Log.NormalizerFailed(_panel.Runner.Logger, _panel.Name, error.GetType().Name, member.Name)));
    }

    private async ValueTask<Task<PanelVote>?> NextAsync()
    {
        try
        {
            return await _arrivals.Reader.ReadAsync(_stop.Token).ConfigureAwait(false);
        }
        catch (OperationCanceledException)
        {
            // The caller has left, or the deadline has come.
            return null;
        }
    }

    private Ballot? Take(PanelVote vote)
    {
        if (_votes[vote.Index] is not null)
        {
            return null;
        }

        _votes[vote.Index] = vote;
        return vote.Result.Cancelled ? null : vote.Ballot;
    }

    private bool IsDecided()
    {
        if (!_panel.Options.StopsEarly)
        {
            return false;
        }

        int waiting = 0;
        double pending = 0;
        List<Ballot> arrived = new(_votes.Length);
        for (int i = 0; i < _votes.Length; i++)
        {
            if (_votes[i] is { } vote)
            {
                arrived.Add(vote.Ballot);
            }
            else
            {
                waiting++;
                pending += _weights[i];
            }
        }

        return waiting > 0 && arrived.Count > 0
            && (!_question.NeedsSpeaker || SpeakerIsSettled(arrived)) && _question.IsSettled(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(arrived), pending);
    }

    // The first voter with the winner's choice speaks; one before it may still be out.
    private bool SpeakerIsSettled(IReadOnlyList<Ballot> arrived)
    {
        string? winner = _question.Count(arrived).Winner;
        int speaker = Array.FindIndex(_votes, vote => vote is not null && winner is not null && vote.Ballot.Choice == winner);
        return speaker >= 0 && Array.TrueForAll(_votes[..speaker], vote => vote is not null);
    }

    // Voters that were stopped might have been for the winner or against it.
    private Vote Bounded(Vote vote, PanelVote[] votes)
    {
        double pending = votes.Where(static vote => vote.Result.Cancelled).Sum(static vote => vote.Ballot.Weight);
        Ballot[] heard = [.. votes.Where(static vote => !vote.Result.Cancelled).Select(static vote => vote.Ballot)];
        return pending > 0 && _question.Bound(heard, pending) is { } bounds ? vote.With(bounds, _question.FieldsOf(heard, pending)) : vote;
    }

    private Task<PanelVote[]> SettleAsync() => _settled ??= SettleOnceAsync();

    private async Task<PanelVote[]> SettleOnceAsync()
    {
        bool late = IsLate;
        _stop.Cancel();
        Task<PanelVote[]> all = Task.WhenAll(_voters);
        Task<PanelVote>[] unfinished = [];
        try
        {
            await all.WaitAsync(LoserGrace, _panel.Runner.Time).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            // One look decides: a voter counts here or is told to the sink, never both.
            unfinished = [.. _voters.Where(voter => !voter.IsCompleted)];
        }

        if (unfinished.Length > 0)
        {
            // They are awaited off the caller's path, and the sink hears what they used.
            _ = ReportLateAsync(unfinished);
        }

        // The judge is asked after the last voter, and under the same deadline.
        _ = Task.WhenAll(all, _counted.Task).ContinueWith(_ => Dispose(), CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        PanelVote[] votes = new PanelVote[_voters.Length];
        for (int i = 0; i < votes.Length; i++)
        {
            PanelVote vote = _votes[i] ?? (unfinished.Contains(_voters[i])
                ? Read(i, AttemptRunner.Cancel(_panel.Voters[i], _receipt.Elapsed))
                : await _voters[i].ConfigureAwait(false));
            votes[i] = late && vote.Result.Cancelled ? Read(i, Late(_panel.Voters[i], vote.Result)) : vote;
            _receipt.Add(votes[i].Result.Attempt);
        }

        if (late)
        {
            _receipt.Note("The deadline stopped the vote; it was counted with the ballots that had arrived.");
        }

        return votes;
    }

    private AttemptResult Late(Member member, AttemptResult result) =>
        _panel.Runner.Fail(member, new Failure(FailureClass.Timeout), "the vote's deadline came first", result.Attempt.Duration, result.Error, result.Attempt.Receipt ?? (result.Error is { } error ? AttemptRunner.ReceiptOf(error) : null));

    private async Task ReportLateAsync(IReadOnlyList<Task<PanelVote>> late)
    {
        ReceiptBuilder receipt = new(_panel.Name, PanelChatClient.Kind, _panel.Runner.Time);
        foreach (PanelVote vote in await Task.WhenAll(late).ConfigureAwait(false))
        {
            receipt.Add(vote.Result.Attempt);
        }

        receipt.Note("These members stopped only after the vote had been counted.");
        _panel.Report(receipt.Build());
    }

    private void Dispose()
    {
        _stop.Dispose();
        _deadline?.Dispose();
    }
}
