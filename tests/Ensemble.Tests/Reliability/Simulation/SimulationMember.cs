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

    /// <summary>The name of the tool that members call first where there is one.</summary>
    public const string Tool = "clock";

    // About half a minute.
    private const int BatchesOfOneMood = 4;

    private const string Missing = "answers in a wrong schema";

    private static readonly MemberTraits Traits = new() { ReportsFinishReason = true };

    private readonly Dictionary<int, int> _calls = [];
    private readonly HashSet<int> _missed = [];
    private (int Mood, double Badness) _mood = (-1, 0);

    public string Name => name;

    public int Calls { get; private set; }

    public int Open { get; private set; }

    /// <summary>Gets what was reported to whoever asked.</summary>
    public (long InputTokens, long OutputTokens) Reported { get; private set; }

    /// <summary>Gets how many calls went wrong.</summary>
    public int Faults { get; private set; }

    /// <summary>Gets what happened, call by call, when somebody wants to read it.</summary>
    public List<(int Request, string Member, string Fault)>? Story { get; init; }

    /// <summary>Gets whether streams report their usage in two updates, which is a lie.</summary>
    public bool ReportsTwice { get; init; }

    /// <summary>Says whether the member has answered a request in a wrong schema, which nobody but the caller can judge.</summary>
    public bool Missed(int index) => _missed.Contains(index);

    public int CallsOf(int index) => _calls.GetValueOrDefault(index);

    public void Forget(int index)
    {
        _ = _calls.Remove(index);
        _ = _missed.Remove(index);
    }

    public string Whole(int index) => string.Concat(Enumerable.Range(0, Pieces).Select(piece => Piece(index, piece)));

    public object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? Traits : null;

    public void Dispose()
    {
    }

    public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
    {
        using ScriptedMember one = Begin(messages, options, out bool deaf);
        try
        {
            ChatResponse response = await one.GetResponseAsync(messages, options, deaf ? CancellationToken.None : cancellationToken).ConfigureAwait(false);
            Report(response.Usage);
            return response;
        }
        finally
        {
            Open--;
        }
    }

    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        using ScriptedMember one = Begin(messages, options, out bool deaf);
        try
        {
            bool reported = false;
            await foreach (ChatResponseUpdate update in one.GetStreamingResponseAsync(messages, options, deaf ? CancellationToken.None : cancellationToken).ConfigureAwait(false))
            {
                // A repeated last update reports nothing new.
                if (!reported && update.Contents.OfType<UsageContent>().FirstOrDefault() is { } usage)
                {
                    reported = true;
                    Report(usage.Details);
                    if (ReportsTwice)
                    {
                        // With another input: usage that repeats is taken once.
                        yield return new ChatResponseUpdate { Contents = [new UsageContent(new UsageDetails { InputTokenCount = usage.Details.InputTokenCount + 1, OutputTokenCount = usage.Details.OutputTokenCount })] };
                    }
                }

                yield return update;
            }
        }
        finally
        {
            Open--;
        }
    }

    private ScriptedMember Begin(IEnumerable<ChatMessage> messages, ChatOptions? options, out bool deaf)
    {
        int index = int.Parse(messages.Last(static message => message.Role == ChatRole.User).Text.AsSpan("request ".Length), NumberStyles.None, CultureInfo.InvariantCulture);
        Calls++;
        Open++;
        int call = _calls[index] = _calls.GetValueOrDefault(index) + 1;
        bool callsTool = options?.Tools is { Count: > 0 } && !messages.Any(static message => message.Role == ChatRole.Tool);
        (AnswerScript script, string fault) = Script(index, call, callsTool);
        _ = fault == Missing && _missed.Add(index);
        Story?.Add((index, name, fault));
        Faults += fault.Length == 0 ? 0 : 1;
        deaf = fault.StartsWith("is deaf", StringComparison.Ordinal);
        return new ScriptedMember(name, time).Always(script);
    }

    private void Report(UsageDetails? usage) =>
        Reported = (Reported.InputTokens + (usage?.InputTokenCount ?? 0), Reported.OutputTokens + (usage?.OutputTokenCount ?? 0));

    private (AnswerScript Script, string Fault) Script(int index, int call, bool callsTool)
    {
        Random random = plan.Chance(name, index, call);
        IEnumerable<AIContent> pieces = callsTool
            ? [new FunctionCallContent($"{name}-{index}-{call}", Tool)]
            : Enumerable.Range(0, Pieces).Select(piece => new TextContent(Piece(index, piece)));
        bool thinks = random.Next(20) == 0;
        AnswerScript good = AnswerScript.Contents([.. thinks ? pieces.Prepend(new TextReasoningContent("so, then")) : pieces])
            .ReportingUsage(10, 8).After(TimeSpan.FromMilliseconds(random.Next(10, 500))).Every(TimeSpan.FromMilliseconds(random.Next(0, 100)))
            .FinishingWith(callsTool ? ChatFinishReason.ToolCalls : ChatFinishReason.Stop);
        if (random.NextDouble() >= BadnessAt(index) || plan.Healed.Contains((index, name)))
        {
            return (good, "");
        }

        int after = random.Next(0, (callsTool ? 1 : Pieces) + (thinks ? 2 : 1));
        TimeSpan wait = TimeSpan.FromSeconds(random.Next(1, 20));
        return random.Next(22) switch
        {
            0 => (good.FailAfter(after), $"dies after {after} pieces"),
            1 => (good.CutAfter(after), $"is cut after {after} pieces"),
            2 => (good.ErrorContentAfter(after), $"sends an error after {after} pieces"),
            3 => (good.MalformedAfter(after), $"is malformed after {after} pieces"),
            4 => (good.HangAfter(after), $"hangs after {after} pieces"),
            5 => (good.StallAfter(after, wait / 4), $"stalls for {wait / 4} after {after} pieces"),
            6 => (good.WithoutFinishReason(), "has no finish reason"),
            7 => (good.RepeatingFinalUpdate(), "repeats its last update"),
            8 => (AnswerScript.RateLimited(wait, (RetryAfterDialect)random.Next(7)), $"is rate limited for {wait}"),
            9 => (AnswerScript.Http(random.Next(2) == 0 ? 500 : 503), "has a server error"),
            10 => (AnswerScript.Http(401), "refuses the key"),
            11 => (AnswerScript.Empty(), "is empty"),
            12 => (AnswerScript.Nothing(), "says nothing"),
            13 => (good.ReportingUsage(100, 90), "reports more than it can have used"),
            14 => (AnswerScript.Http(400, """{"error":{"code":"context_length_exceeded"}}"""), "finds the prompt too long"),
            15 => (AnswerScript.Http(random.Next(2) == 0 ? 403 : 404), "does not serve the model"),
            16 => (AnswerScript.Http(429), "is rate limited without a time"),
            17 => (good.After(wait), $"is deaf for {wait}"),
            18 => (AnswerScript.Http(409), "is in conflict"),
            19 => (AnswerScript.Http(503, headers: new Dictionary<string, string> { ["retry-after"] = "0" }), "is overloaded and says to come back at once"),
            20 => (AnswerScript.WrongSchema().ReportingUsage(10, 8), Missing),
            _ => (good.RoleFirst().FailAfter(0), "dies after its role"),
        };
    }

    /// <summary>Says whether the member is well while a batch runs.</summary>
    public bool IsWellIn(int batch) => BadnessAt(batch * SimulationPlan.Batch) < 0.1;

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
