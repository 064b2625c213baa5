using System.Globalization;
using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>A deployment that changes between good and bad times, and then fails in every way that fails in the field.</summary>
internal sealed class SimulationMember(string name, VirtualTime time, SimulationPlan plan) : IChatClient
{
    public const int Pieces = 4;
    public const int PieceLength = 12;

    // About half a minute.
    private const int BatchesOfOneMood = 4;

    private static readonly MemberTraits Traits = new() { ReportsFinishReason = true };

    private readonly Dictionary<int, int> _calls = [];
    private (int Mood, double Badness) _mood = (-1, 0);

    public string Name => name;

    public int Calls { get; private set; }

    public int Open { get; private set; }

    /// <summary>Gets what happened, call by call, when somebody wants to read it.</summary>
    public List<(int Request, string Member, string Fault)>? Story { get; init; }

    public int CallsOf(int index) => _calls.GetValueOrDefault(index);

    public void Forget(int index) => _calls.Remove(index);

    public string Whole(int index) => string.Concat(Enumerable.Range(0, Pieces).Select(piece => Piece(index, piece)));

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? Traits : null;

    public void Dispose()
    {
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using ScriptedMember one = Begin(messages);
        try
        {
            return await one.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }
        finally
        {
            Open--;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using ScriptedMember one = Begin(messages);
        try
        {
            await foreach (ChatResponseUpdate update in one.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }
        finally
        {
            Open--;
        }
    }

    private ScriptedMember Begin(IEnumerable<ChatMessage> messages)
    {
        int index = int.Parse(messages.Last().Text.AsSpan("request ".Length), NumberStyles.None, CultureInfo.InvariantCulture);
        Calls++;
        Open++;
        int call = _calls[index] = _calls.GetValueOrDefault(index) + 1;
        (AnswerScript script, string fault) = Script(index, call);
        Story?.Add((index, name, fault));
        return new ScriptedMember(name, time).Always(script);
    }

    private (AnswerScript Script, string Fault) Script(int index, int call)
    {
        Random random = plan.Chance(name, index, call);
        AnswerScript good = AnswerScript.Text([.. Enumerable.Range(0, Pieces).Select(piece => Piece(index, piece))])
            .ReportingUsage(10, 8).After(TimeSpan.FromMilliseconds(random.Next(10, 500))).Every(TimeSpan.FromMilliseconds(random.Next(0, 100)));
        if (random.NextDouble() >= BadnessAt(index) || plan.Healed.Contains((index, name)))
        {
            return (good, "");
        }

        int after = random.Next(0, Pieces + 1);
        TimeSpan wait = TimeSpan.FromSeconds(random.Next(1, 20));
        return random.Next(14) switch
        {
            0 => (good.FailAfter(after), $"dies after {after} pieces"),
            1 => (good.CutAfter(after), $"is cut after {after} pieces"),
            2 => (good.ErrorContentAfter(after), $"sends an error after {after} pieces"),
            3 => (good.MalformedAfter(after), $"is malformed after {after} pieces"),
            4 => (good.HangAfter(after), $"hangs after {after} pieces"),
            5 => (good.StallAfter(after, wait / 4), $"stalls for {wait / 4} after {after} pieces"),
            6 => (good.WithoutFinishReason(), "has no finish reason"),
            7 => (good.RepeatingFinalUpdate(), "repeats its last update"),
            8 => (AnswerScript.RateLimited(wait, RetryAfterDialect.Seconds), $"is rate limited for {wait}"),
            9 => (AnswerScript.Http(random.Next(2) == 0 ? 500 : 503), "has a server error"),
            10 => (AnswerScript.Http(401), "refuses the key"),
            11 => (AnswerScript.Empty(), "is empty"),
            12 => (AnswerScript.Nothing(), "says nothing"),
            _ => (good.RoleFirst().FailAfter(0), "dies after its role"),
        };
    }

    // Mostly well, sometimes browned out, sometimes dead for the whole time.
    private double BadnessAt(int index)
    {
        int mood = index / SimulationPlan.Batch / BatchesOfOneMood;
        if (_mood.Mood != mood)
        {
            _mood = (mood, plan.Chance(name + " mood", mood).Next(10) switch { < 6 => 0.02, < 9 => 0.4, _ => 1 });
        }

        return _mood.Badness;
    }

    private string Piece(int index, int piece) => string.Create(CultureInfo.InvariantCulture, $"{name}:{index:0000000}:{piece}");
}
