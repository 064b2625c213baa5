using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>
/// A member of an ensemble that answers by script, in the time of a <see cref="TimeProvider"/>, and counts what was done to it. Each call
/// takes the next script; when none is left the one given to <see cref="Always(AnswerScript)"/> answers, and without it the call throws.
/// Thread-safe, except that scripts should be given before the first call.
/// </summary>
public sealed partial class ScriptedMember : IChatClient
{
    // As hosted models do: an answer without a finish reason is cut off.
    private static readonly MemberTraits Traits = new() { ReportsFinishReason = true };

    private readonly TimeProvider _time;
    private readonly Lock _lock = new();
    private readonly Queue<AnswerScript> _next = new();
    private readonly List<ScriptedCall> _calls = [];
    private readonly ChatClientMetadata _metadata;
    private Func<ScriptedCall, AnswerScript>? _always;

    /// <summary>Creates a member without a script.</summary>
    /// <param name="name">The member's name; its answers carry it as model id.</param>
    /// <param name="timeProvider">The time in which it waits; <see langword="null"/> for the real one.</param>
    public ScriptedMember(string name, TimeProvider? timeProvider = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(name);
        Name = name;
        _time = timeProvider ?? TimeProvider.System;
        _metadata = new ChatClientMetadata("scripted", providerUri: null, name);
    }

    /// <summary>Gets the member's name.</summary>
    public string Name { get; }

    /// <summary>Gets the counters of calls, cancellations and enumerators.</summary>
    public MemberCounters Counters { get; } = new();

    /// <summary>Gets the calls so far, in the order in which they started.</summary>
    public IReadOnlyList<ScriptedCall> Calls
    {
        get
        {
            lock (_lock)
            {
                return [.. _calls];
            }
        }
    }

    /// <summary>Answers the next call that has no script yet.</summary>
    /// <param name="answer">The script.</param>
    /// <returns>This member.</returns>
    public ScriptedMember Next(AnswerScript answer) => Next(1, answer);

    /// <summary>Answers the next few calls that have no script yet.</summary>
    /// <param name="times">How many calls.</param>
    /// <param name="answer">The script of each.</param>
    /// <returns>This member.</returns>
    public ScriptedMember Next(int times, AnswerScript answer)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(times);
        ArgumentNullException.ThrowIfNull(answer);
        lock (_lock)
        {
            for (int i = 0; i < times; i++)
            {
                _next.Enqueue(answer);
            }
        }

        return this;
    }

    /// <summary>Answers every call for which there is no other script.</summary>
    /// <param name="answer">The script.</param>
    /// <returns>This member.</returns>
    public ScriptedMember Always(AnswerScript answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return Always(_ => answer);
    }

    /// <summary>Answers every call for which there is no other script, by what is asked.</summary>
    /// <param name="answer">Gives the script of a call; called on the caller's thread, must be thread-safe.</param>
    /// <returns>This member.</returns>
    public ScriptedMember Always(Func<ScriptedCall, AnswerScript> answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        lock (_lock)
        {
            _always = answer;
        }

        return this;
    }

    /// <inheritdoc/>
    /// <exception cref="InvalidOperationException">There is no script for this call.</exception>
    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        (ScriptedCall call, AnswerScript script) = Take(messages, options, streaming: false);
        CallEnd end = CallEnd.Cancelled;
        try
        {
            await PlayWholeAsync(script.Plan, cancellationToken).ConfigureAwait(false);
            cancellationToken.ThrowIfCancellationRequested();
            end = CallEnd.Completed;
            return Whole(script.Plan, call);
        }
        catch (Exception error) when (!IsCancellation(error, cancellationToken))
        {
            end = CallEnd.Failed;
            throw;
        }
        finally
        {
            Counters.Ended(end);
        }
    }

    /// <inheritdoc/>
    public IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(messages);
        return new CountedStream(this, messages, options, cancellationToken);
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);
        return serviceKey is not null ? null
            : serviceType == typeof(ChatClientMetadata) ? _metadata
            : serviceType == typeof(MemberTraits) ? Traits
            : serviceType.IsInstanceOfType(this) ? this
            : null;
    }

    /// <summary>Counts the disposal; a disposed member still answers, so that a test can see a call that came too late.</summary>
    public void Dispose() => Counters.ClientDisposed();

    private static bool IsCancellation(Exception error, CancellationToken cancellationToken) =>
        error is OperationCanceledException && cancellationToken.IsCancellationRequested;

    private (ScriptedCall Call, AnswerScript Script) Take(IEnumerable<ChatMessage> messages, ChatOptions? options, bool streaming)
    {
        Counters.Started();
        try
        {
            ChatMessage[] copy = [.. messages];
            ScriptedCall call;
            AnswerScript? script;
            Func<ScriptedCall, AnswerScript>? always;
            lock (_lock)
            {
                call = new ScriptedCall(_calls.Count, copy, options?.Clone(), streaming, _time.GetUtcNow());
                _calls.Add(call);
                _ = _next.TryDequeue(out script);
                always = _always;
            }

            // The user's function does not run under the lock: it may ask this member something.
            return (call, script ?? always?.Invoke(call) ?? throw new InvalidOperationException(
                $"Member '{Name}' has no script for call {call.Index + 1}; give it one with Next or Always."));
        }
        catch
        {
            Counters.Ended(CallEnd.Failed);
            throw;
        }
    }
}
