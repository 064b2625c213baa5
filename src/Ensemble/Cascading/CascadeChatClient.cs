using System.Diagnostics;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Asks its members in order, the cheapest first, and goes on to the next one when an answer is not sure enough
/// (<see cref="CascadeOptions.DeferBelow"/>) or there is none. The last member's answer stands. Safe for use by many threads at once; it
/// does not own its members.
/// </summary>
public sealed partial class CascadeChatClient : IChatClient, IEnsembleMember
{
    internal const string Kind = "cascade";

    private readonly EnsembleRuntime _runtime;

    /// <summary>Creates a cascade.</summary>
    /// <param name="name">Its name in receipts.</param>
    /// <param name="members">The members, the cheapest first. Of one the answer stands whatever the rule says of it; the configuration and <c>AddCascade</c> take that for a mistake.</param>
    /// <param name="options">Says when an answer is not sure enough.</param>
    /// <param name="runtime">The clock, the logs and the like; <see langword="null"/> takes <see cref="EnsembleRuntime.Default"/>.</param>
    /// <exception cref="ArgumentException">There is no member, two have the same name, no limit is set, or one is out of range.</exception>
    public CascadeChatClient(string name, IEnumerable<Member> members, CascadeOptions options, EnsembleRuntime? runtime = null)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(options);
        Name = name;
        Members = Composition.CheckMembers(members);
        options.Validate();
        Options = options;
        _runtime = runtime ?? EnsembleRuntime.Default;
        Runner = new AttemptRunner(name, options.Routing.AttemptTimeout, _runtime);
    }

    /// <inheritdoc/>
    public string Name { get; }

    /// <summary>Gets the members in order.</summary>
    public IReadOnlyList<Member> Members { get; }

    internal CascadeOptions Options { get; }

    internal AttemptRunner Runner { get; }

    /// <inheritdoc/>
    /// <exception cref="AllMembersFailedException">Every member failed.</exception>
    /// <exception cref="DeadlineExceededException">The time is up, and nobody had answered.</exception>
    /// <exception cref="EnsembleException">The request itself is at fault.</exception>
    /// <exception cref="OperationCanceledException">The caller cancelled; it carries the caller's token.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        IReadOnlyList<ChatMessage> conversation = Composition.Materialize(messages);
        using Activity? activity = EnsembleTelemetry.Start(Kind, Name);
        CascadeRun run = new(this, conversation, options);
        using Turn? turn = Turn.Begin(options.GetEnsembleRequest(), cancellationToken);
        cancellationToken = turn?.Token ?? cancellationToken;
        try
        {
            ChatResponse? answer = null;
            while (answer is null && run.Next() is { } member)
            {
                cancellationToken.ThrowIfCancellationRequested();
                AttemptResult result = await Runner.AskAsync(member, run.MessagesFor(member, conversation), run.OptionsFor(member), run.Rules, run.Limit, cancellationToken).ConfigureAwait(false);
                answer = run.Take(member, result, cancellationToken);
            }

            answer ??= run.FallBack();
            Composition.Finish(activity, answer.GetReceipt()!, _runtime, Runner.Logger, turn);
            return answer;
        }
        catch (Exception exception)
        {
            Composition.Fail(activity, run.Receipt, exception, _runtime, Runner.Logger, turn);
            throw;
        }
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null) => Composition.GetService(this, Name, serviceType, serviceKey);

    /// <summary>Does nothing: a cascade owns none of its members.</summary>
    public void Dispose()
    {
    }
}
