using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Asks all of its members at once, reads a ballot from each answer and returns the answer that most of them gave. Ties and the lack of
/// agreement are results: the vote on the answer says so. Safe for use by many threads at once; it does not own its members.
/// </summary>
public sealed class PanelChatClient : IChatClient, IEnsembleMember
{
    internal const string Kind = "panel";

    private readonly EnsembleRuntime _runtime;

    /// <summary>Creates a panel.</summary>
    /// <param name="name">Its name in receipts.</param>
    /// <param name="members">The members; several may be variations of one model (<see cref="Member.Create"/>).</param>
    /// <param name="options">Says how ballots are read.</param>
    /// <param name="runtime">The clock, the logs and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <exception cref="ArgumentException">There is no member, two have the same name, or an option is out of range.</exception>
    public PanelChatClient(string name, IEnumerable<Member> members, PanelOptions? options = null, EnsembleRuntime? runtime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Members = Composition.CheckMembers(members);
        Options = options ?? new PanelOptions();
        Options.Validate();
        _runtime = runtime ?? EnsembleRuntime.Default;
        Runner = new AttemptRunner(name, Options.AttemptTimeout, _runtime);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the members in order.</summary>
    public IReadOnlyList<Member> Members { get; }

    internal PanelOptions Options { get; }

    internal AttemptRunner Runner { get; }

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="UnsupportedOptionException">The request has tools, a conversation id, or a schema that cannot be voted over.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        PanelRun run = new(this, Composition.Materialize(messages), options, cancellationToken);
        try
        {
            ChatResponse response = await run.CountAsync(cancellationToken).ConfigureAwait(false);
            EnsembleTelemetry.Finish(activity, response.GetReceipt()!);
            return response;
        }
        catch (Exception exception)
        {
            await FailAsync(run, activity, exception).ConfigureAwait(false);
            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Ballots come first as updates that a reader may ignore (<see cref="BallotExtensions.GetBallot"/>), then the winner's answer, then the receipt.</remarks>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="UnsupportedOptionException">The request has tools, a conversation id, or a schema that cannot be voted over.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return StreamAsync(Composition.Materialize(messages), options, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => Composition.GetService(this, Name, serviceType, serviceKey);

    /// <summary>Does nothing: a panel owns none of its members.</summary>
    public void Dispose()
    {
    }

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        PanelRun? run = null;
        Exception? error = null;
        bool settled = false;
        try
        {
            run = new PanelRun(this, messages, options, stop.Token);
            await foreach (Task<(int Index, AttemptResult Result, Ballot Ballot)> vote in Task.WhenEach(run.Votes).ConfigureAwait(false))
            {
                (_, AttemptResult result, Ballot ballot) = await vote.ConfigureAwait(false);
                if (result.Cancelled)
                {
                    continue;
                }

                yield return new ChatResponseUpdate { RawRepresentation = ballot };
                Composition.Restore(activity);
            }

            (ChatResponse? response, error) = await TryCountAsync(run, cancellationToken).ConfigureAwait(false);
            if (response is null)
            {
                throw error!;
            }

            Receipt receipt = response.GetReceipt()!;
            EnsembleTelemetry.Finish(activity, receipt);
            settled = true;
            foreach (ChatResponseUpdate update in PanelUpdates.Create(response, receipt))
            {
                yield return update;
                Composition.Restore(activity);
            }
        }
        finally
        {
            if (settled || run is null)
            {
                stop.Dispose();
            }
            else
            {
                await stop.CancelAsync().ConfigureAwait(false);
                // The caller has left or has its error: members that are still at work are awaited off its path.
                _ = SettleAsync(run, stop, error);
            }
        }
    }

    // An iterator cannot yield inside a try that catches.
    private static async Task<(ChatResponse? Response, Exception? Error)> TryCountAsync(PanelRun run, CancellationToken cancellationToken)
    {
        try
        {
            return (await run.CountAsync(cancellationToken).ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
    }

    private async Task SettleAsync(PanelRun run, CancellationTokenSource stop, Exception? error)
    {
        await FailAsync(run, null, error).ConfigureAwait(false);
        stop.Dispose();
    }

    private async Task FailAsync(PanelRun run, Activity? activity, Exception? error)
    {
        if (error is EnsembleException { Receipt: { } held })
        {
            EnsembleTelemetry.Finish(activity, held, error);
            return;
        }

        Composition.Report(await run.AbandonAsync().ConfigureAwait(false), _runtime, Runner.Logger);
    }
}
