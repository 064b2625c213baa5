using System.Diagnostics;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Asks all of its voters at once, reads a ballot from each answer and returns the answer that won; voters that cannot change it any more
/// are stopped. Ties and the lack of agreement are results: the vote on the answer says so. A typed answer
/// (<c>GetResponseAsync&lt;T&gt;</c>) is voted over field by field. Safe for use by many threads at once; it does not own its members.
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
    /// <exception cref="ArgumentException">There is no member, two have the same name, an option is out of range, or one names a voter that is none.</exception>
    public PanelChatClient(string name, IEnumerable<Member> members, PanelOptions? options = null, EnsembleRuntime? runtime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        Name = name;
        Members = Composition.CheckMembers(members);
        Options = options ?? new PanelOptions();
        Options.Validate();
        Judge = Options.Judge is { } judge
            ? Members.FirstOrDefault(member => member.Name.Equals(judge, StringComparison.OrdinalIgnoreCase)) ?? throw new ArgumentException($"{nameof(Options.Judge)}: there is no member '{judge}'; name one of {string.Join(", ", Members)}.", nameof(options))
            : null;
        Voters = [.. Members.Where(member => member != Judge)];
        if (Voters.Count == 0)
        {
            throw new ArgumentException("The judge is the only member; give at least one that votes.", nameof(members));
        }

        Weights = VoterNames.Values(Options.Weights, Voters, Judge?.Name, 1, nameof(Options.Weights));
        Calibrations = VoterNames.Values(Options.Calibrations, Voters, Judge?.Name, null!, nameof(Options.Calibrations));
        _runtime = runtime ?? EnsembleRuntime.Default;
        Runner = new AttemptRunner(name, Options.AttemptTimeout, _runtime);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the members in order.</summary>
    public IReadOnlyList<Member> Members { get; }

    internal PanelOptions Options { get; }

    internal IReadOnlyList<Member> Voters { get; }

    internal Member? Judge { get; }

    /// <summary>Gets the weights that the options give the voters, in their order.</summary>
    internal IReadOnlyList<double> Weights { get; }

    /// <summary>Gets the calibrations of the voters, in their order.</summary>
    internal IReadOnlyList<ChoiceCalibration?> Calibrations { get; }

    internal AttemptRunner Runner { get; }

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="DeadlineExceededException">The deadline came before any ballot.</exception>
    /// <exception cref="UnsupportedOptionException">The request has tools, a conversation id, or a schema that cannot be voted over.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        PanelRun? run = null;
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        try
        {
            run = new PanelRun(this, Composition.Materialize(messages), options, cancellationToken);
            await foreach (Ballot _ in run.BallotsAsync().ConfigureAwait(false))
            {
                // Nobody watches.
            }

            ChatResponse response = await run.CountAsync().ConfigureAwait(false);
            Composition.Finish(activity, response.GetReceipt()!, _runtime, Runner.Logger, turn);
            return response;
        }
        catch (Exception exception)
        {
            EnsembleTelemetry.Fail(activity, exception);
            if (run is not null)
            {
                await FailAsync(run, activity, exception, turn).ConfigureAwait(false);
            }

            throw;
        }
    }

    /// <inheritdoc/>
    /// <remarks>Ballots come first as updates that a reader may ignore (<see cref="BallotExtensions.GetBallot"/>), then the winner's answer, then the receipt.</remarks>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="DeadlineExceededException">The deadline came before any ballot.</exception>
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

    internal void Report(Receipt receipt) => Composition.Report(receipt, _runtime, Runner.Logger);

    private async IAsyncEnumerable<ChatResponseUpdate> StreamAsync(IReadOnlyList<ChatMessage> messages, ChatOptions? options, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        PanelRun? run = null;
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        Exception? error = null;
        bool settled = false;
        try
        {
            run = Start(messages, options, activity, cancellationToken);
            await foreach (Ballot ballot in run.BallotsAsync().ConfigureAwait(false))
            {
                yield return new ChatResponseUpdate { RawRepresentation = ballot };
                Composition.Restore(activity);
            }

            (ChatResponse? response, error) = await TryCountAsync(run).ConfigureAwait(false);
            if (response is null)
            {
                throw error!;
            }

            Receipt receipt = response.GetReceipt()!;
            Composition.Finish(activity, receipt, _runtime, Runner.Logger, turn);
            settled = true;
            foreach (ChatResponseUpdate update in PanelUpdates.Create(response, receipt))
            {
                yield return update;
                Composition.Restore(activity);
            }
        }
        finally
        {
            if (!settled && run is not null)
            {
                if (error is not null)
                {
                    EnsembleTelemetry.Fail(activity, error);
                }

                // The caller has left or has its error: members that are still at work are stopped and awaited off its path.
                _ = FailAsync(run, activity, error, turn);
            }
        }
    }

    private PanelRun Start(IReadOnlyList<ChatMessage> messages, ChatOptions? options, Activity? activity, CancellationToken cancellationToken)
    {
        try
        {
            return new PanelRun(this, messages, options, cancellationToken);
        }
        catch (Exception exception)
        {
            EnsembleTelemetry.Fail(activity, exception);
            throw;
        }
    }

    // An iterator cannot yield inside a try that catches.
    private static async Task<(ChatResponse? Response, Exception? Error)> TryCountAsync(PanelRun run)
    {
        try
        {
            return (await run.CountAsync().ConfigureAwait(false), null);
        }
        catch (Exception exception)
        {
            return (null, exception);
        }
    }

    private async Task FailAsync(PanelRun run, Activity? activity, Exception? error, Turn? turn)
    {
        if (error is EnsembleException { Receipt: { } held })
        {
            EnsembleTelemetry.Finish(activity, _runtime, held, error);
            Composition.Hand(held, isHeld: true, error, _runtime, Runner.Logger, turn);
            return;
        }

        Composition.Hand(await run.AbandonAsync().ConfigureAwait(false), isHeld: false, error, _runtime, Runner.Logger, turn);
    }
}
