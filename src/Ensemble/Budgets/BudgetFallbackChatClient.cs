using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Logging;

namespace Ensemble;

/// <summary>
/// Lets the member that an exhausted budget names answer a request that nobody else is paid for. Whatever the request spent before is in
/// the same envelope and on the same receipt: one purse, one deadline, one count of attempts.
/// </summary>
internal sealed class BudgetFallbackChatClient(string name, IChatClient inner, Func<string, IChatClient> find, EnsembleRuntime runtime) : DelegatingChatClient(inner)
{
    /// <summary>The beginning of the receipt's note, which stands in its one line.</summary>
    public const string NotePrefix = "budget ";

    private readonly AttemptRunner _runner = new(name, timeout: null, runtime);

    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        ChatOptions own = InEnvelope(options);
        int turns = TurnsOf(own)?.Count ?? 0;
        try
        {
            return await InnerClient.GetResponseAsync(conversation, own, cancellationToken).ConfigureAwait(false);
        }
        catch (EnsembleException error) when (Instead(error, own, turns, cancellationToken) is { } instead)
        {
            ReceiptBuilder receipt = new(name, instead.Kind, runtime.TimeProvider);
            ChatResponse response;
            try
            {
                response = await instead.Client.GetResponseAsync(conversation, instead.Options, cancellationToken).ConfigureAwait(false);
            }
            catch (NoEligibleModelException refused)
            {
                throw instead.Refused(refused);
            }

            ReceiptCarrier.Attach(response, instead.Complete(receipt, response.GetReceipt()));
            return response;
        }
    }

    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        ChatOptions own = InEnvelope(options);
        int turns = TurnsOf(own)?.Count ?? 0;
        Degradation? instead = null;
        bool handed = false;
        bool wantsReasoning = AnswerRules.WantsReasoning(options);
        IAsyncEnumerator<ChatResponseUpdate> updates = InnerClient.GetStreamingResponseAsync(conversation, own, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using (updates.ConfigureAwait(false))
        {
            while (true)
            {
                // An iterator cannot yield inside a try that catches.
                try
                {
                    if (!await updates.MoveNextAsync().ConfigureAwait(false))
                    {
                        yield break;
                    }
                }
                catch (EnsembleException error) when (!handed && (instead = Instead(error, own, turns, cancellationToken)) is not null)
                {
                    break;
                }

                // What tells of ballots is no answer yet.
                foreach (AIContent content in handed ? [] : updates.Current.Contents)
                {
                    handed |= AnswerRules.IsContent(content, wantsReasoning);
                }

                yield return updates.Current;
            }
        }

        ReceiptBuilder receipt = new(name, instead.Kind, runtime.TimeProvider);
        IAsyncEnumerator<ChatResponseUpdate> others = instead.Client.GetStreamingResponseAsync(conversation, instead.Options, cancellationToken).GetAsyncEnumerator(cancellationToken);
        await using ConfiguredAsyncDisposable disposal = others.ConfigureAwait(false);
        while (true)
        {
            try
            {
                if (!await others.MoveNextAsync().ConfigureAwait(false))
                {
                    yield break;
                }
            }
            catch (NoEligibleModelException refused)
            {
                throw instead.Refused(refused);
            }

            ChatResponseUpdate? rest = ReceiptCarrier.Detach(others.Current, out Receipt? end);
            if (rest is not null)
            {
                yield return rest;
            }

            if (end is not null)
            {
                yield return ReceiptCarrier.Update(instead.Complete(receipt, end));
            }
        }
    }

    private ChatOptions InEnvelope(ChatOptions? options) =>
        options.GetEnsembleRequest() is { Envelope: not null } ? options! : options.WithEnsemble(request => request with { Envelope = _runner.Envelope(options, isLimited: true) });

    private static RequestTurns? TurnsOf(ChatOptions options) => RequestTurns.Of(options.GetEnsembleRequest());

    // Null: the error stands, because nobody is named, or the named member could not go on with what the request holds.
    private Degradation? Instead(EnsembleException error, ChatOptions options, int turns, CancellationToken cancellationToken)
    {
        if (BudgetExceededException.Behind(error) is not { DegradeTo: { } member } budget
            || member.Equals(name, StringComparison.OrdinalIgnoreCase)
            || cancellationToken.IsCancellationRequested
            || options.ConversationId is { Length: > 0 }
            || options.GetEnsembleRequest()?.Envelope is not { } envelope
            || envelope.TimeLeft == TimeSpan.Zero)
        {
            return null;
        }

        IChatClient client = find(member);
        bool countsItself = client.GetService<RouterChatClient>() is not null || (client is ModelChatClient { IsLeaf: true } && options.GetEnsembleRequest() is { IsNested: false });
        if ((options.Tools is { Count: > 0 } && client.GetService<MemberTraits>() is { CallsTools: false }) || !(countsItself ? envelope.HasAttempt : envelope.TryTakeAttempt()))
        {
            return null;
        }

        Log.Degraded(_runner.Logger, name, budget.Budget, member);
        return new Degradation(member, client, MemberRequest.For(client, options, keepRawFactory: false), error, budget, name, runtime, TurnsOf(options), turns);
    }

    private sealed class Degradation(string member, IChatClient client, ChatOptions? options, EnsembleException error, BudgetExceededException budget, string asked, EnsembleRuntime runtime, RequestTurns? turns, int before)
    {
        public IChatClient Client => client;

        public ChatOptions? Options => options;

        public string Kind => error.Receipt?.Kind ?? ModelChatClient.Kind;

        /// <summary>Returns the budget's error when the rules refuse the member that would step in; its receipt says so.</summary>
        public EnsembleException Refused(NoEligibleModelException refused)
        {
            Receipt known = error.Receipt ?? new Receipt { Name = asked, Kind = Kind };
            Receipt noted = new()
            {
                Name = known.Name,
                Kind = known.Kind,
                Attempts = known.Attempts,
                Vote = known.Vote,
                Duration = known.Duration,
                Degraded = known.Degraded,
                Notes = [.. known.Notes, $"{NotePrefix}'{budget.Budget}' is exhausted, and {member} may not answer instead: {refused.Message}"],
            };
            error.Attach(noted);
            turns?.Replace(before, new TurnEnd(noted, Answered: false, error, runtime));
            return error;
        }

        public Receipt Complete(ReceiptBuilder receipt, Receipt? inner)
        {
            if (error.Receipt is { Attempts: { Count: > 0 } first })
            {
                first.ToList().ForEach(receipt.Add);
            }
            else
            {
                receipt.Add(new Attempt { Member = asked, Outcome = AttemptOutcome.Skipped, Note = error.Message });
            }

            if (client is RouterChatClient && inner is not null)
            {
                // The router that checks the rules around the member is no member itself.
                inner.Attempts.ToList().ForEach(receipt.Add);
            }
            else
            {
                receipt.Add(AttemptRunner.Describe(new Member(member, client), AttemptOutcome.Answered, receipt.Elapsed, usage: null, inner));
            }

            receipt.Note($"{NotePrefix}'{budget.Budget}' is exhausted, and {member} answered instead");
            Receipt both = receipt.Build(member);
            turns?.Replace(before, new TurnEnd(both, Answered: true, Error: null, runtime));
            return both;
        }
    }
}
