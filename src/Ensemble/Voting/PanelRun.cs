using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One question before a panel: every member at work, then the count.</summary>
internal sealed class PanelRun
{
    private readonly PanelChatClient _panel;
    private readonly PanelQuestion _question;
    private readonly ReceiptBuilder _receipt;

    public PanelRun(PanelChatClient panel, IReadOnlyList<ChatMessage> messages, ChatOptions? options, CancellationToken cancellationToken)
    {
        _panel = panel;
        _question = PanelQuestion.Create(panel.Name, panel.Options, options);
        _receipt = new ReceiptBuilder(panel.Name, PanelChatClient.Kind, panel.Runner.Time);
        if (options?.RawRepresentationFactory is not null)
        {
            _receipt.Note("RawRepresentationFactory was dropped: it is made for one provider, and a panel asks several members.");
        }

        Votes = [.. panel.Members.Select((_, index) => AskAsync(index, messages, cancellationToken))];
    }

    /// <summary>Gets the members at work; none of these tasks ever fails.</summary>
    public IReadOnlyList<Task<(int Index, AttemptResult Result, Ballot Ballot)>> Votes { get; }

    /// <summary>Counts once every member is done.</summary>
    public async Task<ChatResponse> CountAsync(CancellationToken cancellationToken)
    {
        (int Index, AttemptResult Result, Ballot Ballot)[] votes = await Task.WhenAll(Votes).ConfigureAwait(false);
        if (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The caller cancelled.", cancellationToken);
        }

        foreach ((_, AttemptResult result, _) in votes)
        {
            _receipt.Add(result.Attempt);
        }

        if (Array.FindIndex(votes, vote => vote.Result.Succeeded) is var first && first < 0)
        {
            throw AllFailed([.. votes.Select(vote => vote.Result)]);
        }

        Vote counted = Plurality.Count([.. votes.Select(vote => vote.Ballot)]);
        bool freeText = _question.Normalizer is null;
        int chosen = counted.Winner is { } winner
            ? Array.FindIndex(votes, vote => vote.Ballot.Choice == winner)
            : Array.FindIndex(votes, vote => vote.Result.Succeeded && _panel.Members[vote.Index].IsGreedy) is >= 0 and var greedy ? greedy : first;
        Vote vote = freeText
            ? new Vote { Outcome = VoteOutcome.NoConsensus, Ballots = counted.Ballots }
            : counted;
        Log.Voted(_panel.Runner.Logger, _panel.Name, vote.Outcome, vote.Agreement, vote.Ballots.Count);
        return Answer(votes[chosen].Result.Response!, vote, _panel.Members[chosen].Name, Sum(votes));
    }

    /// <summary>Writes the receipt of a question that nobody waits for any more, once every member has stopped.</summary>
    public async Task<Receipt> AbandonAsync()
    {
        foreach ((_, AttemptResult result, _) in await Task.WhenAll(Votes).ConfigureAwait(false))
        {
            _receipt.Add(result.Attempt);
        }

        return _receipt.Build();
    }

    private async Task<(int Index, AttemptResult Result, Ballot Ballot)> AskAsync(int index, IReadOnlyList<ChatMessage> messages, CancellationToken cancellationToken)
    {
        Member member = _panel.Members[index];
        AttemptResult result = await _panel.Runner.AskAsync(member, messages, _question.OptionsFor(member), _panel.Runner.Timeout, cancellationToken).ConfigureAwait(false);
        Ballot ballot = _question.Read(member, result, error => Log.NormalizerFailed(_panel.Runner.Logger, _panel.Name, error.GetType().Name, member.Name));
        return (index, result, ballot);
    }

    private ChatResponse Answer(ChatResponse chosen, Vote vote, string answeredBy, UsageDetails? usage)
    {
        // The chosen member's words and finish reason, everybody's tokens.
        ChatResponse response = new(_question.AnswersWithChoice && vote.Winner is { } winner ? [new ChatMessage(ChatRole.Assistant, winner)] : [.. chosen.Messages])
        {
            ResponseId = chosen.ResponseId,
            ModelId = chosen.ModelId,
            CreatedAt = chosen.CreatedAt,
            FinishReason = chosen.FinishReason,
            Usage = usage,
            AdditionalProperties = chosen.AdditionalProperties,
        };
        ReceiptCarrier.Attach(response, _receipt.Build(answeredBy, vote));
        return response;
    }

    private AllMembersFailedException AllFailed(AttemptResult[] results)
    {
        Receipt receipt = _receipt.Build();
        if (Array.TrueForAll(results, result => result.Failure.Scope == FailureScope.Request) && results[0].Error is EnsembleException own)
        {
            // Every member says that the request is at fault: its own words are the clearest.
            own.Attach(receipt);
            ExceptionDispatchInfo.Throw(own);
        }

        string attempts = string.Join("; ", receipt.Attempts.Select(a => $"{a.Member}: {a.Failure}, {a.Note}"));
        return new AllMembersFailedException($"{_panel.Name}: no member answered. {attempts}", results[0].Error) { Receipt = receipt };
    }

    private static UsageDetails? Sum((int Index, AttemptResult Result, Ballot Ballot)[] votes)
    {
        UsageDetails? sum = null;
        foreach ((_, AttemptResult result, _) in votes)
        {
            if (result.Response?.Usage is { } usage)
            {
                (sum ??= new UsageDetails()).Add(usage);
            }
        }

        return sum;
    }
}
