using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>
/// Puts faults between a caller and any client, by probability. What strikes the n-th call depends on the seed and n alone, so a failing
/// run can be repeated. Thread-safe if the client is; disposes it.
/// </summary>
public sealed class ChaosChatClient : DelegatingChatClient
{
    private const int MaxPiecesBefore = 8;

    private readonly ChaosOptions _options;
    private readonly int _seed;
    private readonly TimeProvider _time;
    private readonly int[] _struck = new int[Enum.GetValues<ChaosFault>().Length];
    private int _calls;

    /// <summary>Puts chaos in front of a client.</summary>
    /// <param name="innerClient">The client.</param>
    /// <param name="options">How often which fault strikes.</param>
    /// <param name="seed">The seed.</param>
    /// <param name="timeProvider">The time in which delays pass; <see langword="null"/> for the real one.</param>
    /// <exception cref="ArgumentOutOfRangeException">A probability is negative, or their sum is above 1.</exception>
    public ChaosChatClient(IChatClient innerClient, ChaosOptions options, int seed, TimeProvider? timeProvider = null)
        : base(innerClient)
    {
        ArgumentNullException.ThrowIfNull(options);
        options.Validate();
        _options = options;
        _seed = seed;
        _time = timeProvider ?? TimeProvider.System;
    }

    /// <summary>Says how often a fault has struck.</summary>
    /// <param name="fault">The fault; <see cref="ChaosFault.None"/> for calls that went through.</param>
    /// <returns>Calls.</returns>
    public int Count(ChaosFault fault) => Volatile.Read(ref _struck[(int)fault]);

    /// <inheritdoc/>
    public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        (ChaosFault fault, Random random) = Strike();
        await BeforeAsync(fault, random, cancellationToken).ConfigureAwait(false);
        ChatResponse response = await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        if (fault is ChaosFault.Break)
        {
            throw Broken();
        }

        if (fault is ChaosFault.Cut)
        {
            string text = response.Text;
            return new ChatResponse(new ChatMessage(ChatRole.Assistant, text[..(text.Length / 2)])) { ResponseId = response.ResponseId, ModelId = response.ModelId };
        }

        return response;
    }

    /// <inheritdoc/>
    public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        (ChaosFault fault, Random random) = Strike();
        await BeforeAsync(fault, random, cancellationToken).ConfigureAwait(false);
        bool ends = fault is ChaosFault.Break or ChaosFault.Cut;
        int left = random.Next(MaxPiecesBefore);
        await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
        {
            // A short stream must not escape: its last update carries the finish reason.
            if (ends && (left-- == 0 || update.FinishReason is not null))
            {
                if (fault is ChaosFault.Break)
                {
                    throw Broken();
                }

                yield break;
            }

            yield return update;
        }
    }

    private static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    private (ChaosFault Fault, Random Random) Strike()
    {
        int call = Interlocked.Increment(ref _calls);
        Random random = new(Mix(_seed, call));
        ChaosFault fault = _options.Draw(random.NextDouble());
        Interlocked.Increment(ref _struck[(int)fault]);
        return (fault, random);
    }

    // The first number of a Random is nearly linear in its seed, so seeds at even distances would strike in nearly the same order for ever. The
    // finalizer of SplitMix64 (Steele, Lea and Flood, "Fast Splittable Pseudorandom Number Generators", OOPSLA 2014) leaves nothing of the distance.
    private static int Mix(int seed, int call)
    {
        ulong z = unchecked((((ulong)(uint)seed << 32) | (uint)call) + 0x9E3779B97F4A7C15UL);
        z = unchecked((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9UL);
        z = unchecked((z ^ (z >> 27)) * 0x94D049BB133111EBUL);
        return unchecked((int)(z ^ (z >> 31)));
    }

    private Task BeforeAsync(ChaosFault fault, Random random, CancellationToken cancellationToken) => fault switch
    {
        ChaosFault.Error => Task.FromException(new ModelHttpException("The model's server answered 500.") { StatusCode = 500 }),
        ChaosFault.RateLimit => Task.FromException(RateLimitAnswer.Create(_options.RetryAfter, RetryAfterDialect.Seconds, _time.GetUtcNow())),
        ChaosFault.Hang => Task.Delay(Timeout.InfiniteTimeSpan, _time, cancellationToken),
        ChaosFault.Delay => Task.Delay(_options.LongestDelay * random.NextDouble(), _time, cancellationToken),
        _ => Task.CompletedTask,
    };
}
