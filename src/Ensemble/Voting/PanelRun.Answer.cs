using System.Runtime.ExceptionServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

// What the caller gets: the answer, or the error when nobody has voted.
internal sealed partial class PanelRun
{
    private ChatResponse Answer(ChatResponse chosen, Vote vote, string? answeredBy, UsageDetails? usage)
    {
        // The chosen member's words and finish reason, everybody's tokens. What no member said in these words is the panel's own text.
        bool own = vote.Winner is not null && (_question.AnswersWithChoice || answeredBy is null);
        ChatResponse response = new(own ? [new ChatMessage(ChatRole.Assistant, vote.Winner)] : [.. chosen.Messages])
        {
            ResponseId = chosen.ResponseId,
            ModelId = chosen.ModelId,
            CreatedAt = chosen.CreatedAt,
            FinishReason = own && chosen.FinishReason == ChatFinishReason.Length ? ChatFinishReason.Stop : chosen.FinishReason,
            Usage = usage,
            AdditionalProperties = chosen.AdditionalProperties,
        };
        if (_panel.Members.Count > 1 && _panel.Members.FirstOrDefault(member => member.Name == answeredBy) is { } author)
        {
            OpaqueState.Mark(_panel.Name, author, [.. response.Messages.SelectMany(static message => message.Contents)]);
        }

        ReceiptCarrier.Attach(response, _receipt.Build(answeredBy, vote));
        return response;
    }

    private EnsembleException AllFailed(AttemptResult[] results)
    {
        Receipt receipt = _receipt.Build();
        if (Array.TrueForAll(results, result => result.Error is NoEligibleModelException))
        {
            return new NoEligibleModelException(_panel.Name, [.. results.SelectMany(result => ((NoEligibleModelException)result.Error!).Refusals)]) { Receipt = receipt };
        }

        if (Array.TrueForAll(results, result => result.Failure.Scope == FailureScope.Request) && results[0].Error is EnsembleException own)
        {
            // Every member says that the request is at fault: its own words are the clearest.
            own.Attach(receipt);
            ExceptionDispatchInfo.Throw(own);
        }

        string attempts = string.Join("; ", receipt.Attempts.Select(a => $"{a.Member}: {a.Failure}, {a.Note}"));
        if (IsLate)
        {
            return new DeadlineExceededException($"{_panel.Name}: the deadline came before any ballot. {attempts}", results[0].Error) { Receipt = receipt };
        }

        return new AllMembersFailedException($"{_panel.Name}: no member answered. {attempts}", receipt, results[0].Error)
        {
            Unpaid = BudgetExceededException.Behind([.. results.Select(result => result.Error)]),
        };
    }

    private static UsageDetails? Sum(IEnumerable<AttemptResult> results)
    {
        UsageDetails? sum = null;
        foreach (AttemptResult result in results)
        {
            if (result.Response?.Usage is { } usage)
            {
                (sum ??= new UsageDetails()).Add(usage);
            }
        }

        return sum;
    }
}
