using Microsoft.Extensions.AI;

namespace Ensemble.Testing.Tests;

public class ScriptedMemberTests
{
    private readonly VirtualTime _time = new(new DateTimeOffset(2000, 1, 1, 0, 0, 0, TimeSpan.Zero));

    [Test]
    public async Task Text_ArrivesWholeOrInPiecesWithOneFinishAndUsage([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("Hel", "lo"));
        ChatResponse response = await Ask(member, streaming);

        Assert.That(response.Text, Is.EqualTo("Hello"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.ModelId, Is.EqualTo("mini"));
        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(3));
        Assert.That(response.Usage.OutputTokenCount, Is.EqualTo(2));
        Assert.That(member.Counters.Completed, Is.EqualTo(1));
        Assert.That(member.Counters.Concurrent, Is.Zero);
    }

    [Test]
    public async Task CutAfter_LeavesTheFirstPiecesAndNoFinishReason([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a", "b", "c").CutAfter(2));
        ChatResponse response = await Ask(member, streaming);

        Assert.That(response.Text, Is.EqualTo("ab"));
        Assert.That(response.FinishReason, Is.Null);
    }

    [Test]
    public void FailAfter_ThrowsAndCountsAFailure([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a", "b").FailAfter(1));
        List<string> seen = [];

        Assert.That(() => Read(member, streaming, seen), Throws.InstanceOf<HttpRequestException>());
        Assert.That(seen, Is.EqualTo(streaming ? new[] { "a" } : []));
        Assert.That(member.Counters.Failed, Is.EqualTo(1));
        Assert.That(member.Counters.EnumeratorsDisposed, Is.EqualTo(streaming ? 1 : 0));
    }

    [Test]
    public async Task ErrorContentAfter_EndsWithAnErrorAndNoFinishReason([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a", "b").ErrorContentAfter(1));
        ChatResponse response = await Ask(member, streaming);

        Assert.That(response.Messages[0].Contents.OfType<ErrorContent>().ToList(), Has.Count.EqualTo(1));
        Assert.That(response.FinishReason, Is.Null);
    }

    [Test]
    public async Task Nothing_HasNoMessage([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Nothing());
        Assert.That((await Ask(member, streaming)).Messages, Is.Empty);
    }

    [Test]
    public async Task RoleOnly_HasARoleButNoText([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.RoleOnly());
        ChatResponse response = await Ask(member, streaming);
        Assert.That(response.Messages.Single().Role, Is.EqualTo(ChatRole.Assistant));
        Assert.That(response.Text, Is.Empty);
        Assert.That(response.FinishReason, Is.Null);
    }

    [Test]
    public async Task Hang_EndsOnlyByCancellation([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Hang());
        using CancellationTokenSource leave = new();
        Task<ChatResponse> call = Ask(member, streaming, leave.Token);
        _time.Advance(TimeSpan.FromDays(30));
        Assert.That(call.IsCompleted, Is.False);
        Assert.That(member.Counters.Concurrent, Is.EqualTo(1));

        await leave.CancelAsync();
        Assert.That(async () => await call, Throws.InstanceOf<OperationCanceledException>());
        Assert.That(member.Counters.Cancelled, Is.EqualTo(1));
        Assert.That(member.Counters.Failed, Is.Zero);
        Assert.That(member.Counters.Concurrent, Is.Zero);
    }

    [Test]
    public void Delays_TakeVirtualTimeOnly([Values] bool streaming)
    {
        using ScriptedMember member = new ScriptedMember("slow", _time)
            .Next(AnswerScript.Text("a", "b", "c").After(TimeSpan.FromSeconds(2)).Every(TimeSpan.FromSeconds(1)).StallAfter(1, TimeSpan.FromSeconds(10)));

        Assert.That(_time.Run(() => Ask(member, streaming)).Text, Is.EqualTo("abc"));
        Assert.That(_time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(14)));
    }

    [Test]
    public async Task RepeatingFinalUpdate_SendsFinishAndUsageTwiceButNoTextTwice()
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a", "b").RepeatingFinalUpdate());
        List<ChatResponseUpdate> updates = await member.GetStreamingResponseAsync("one two three").ToListAsync();

        Assert.That(updates.Count(update => update.FinishReason is not null), Is.EqualTo(2));
        Assert.That(string.Concat(updates.Select(update => update.Text)), Is.EqualTo("ab"));
    }

    [Test]
    public async Task AStreamLeftEarly_IsCountedAsCancelledAndDisposed()
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a", "b"));
        await foreach (ChatResponseUpdate _ in member.GetStreamingResponseAsync("hi"))
        {
            break;
        }

        Assert.That(member.Counters.Cancelled, Is.EqualTo(1));
        Assert.That(member.Counters.EnumeratorsOpened, Is.EqualTo(1));
        Assert.That(member.Counters.EnumeratorsDisposed, Is.EqualTo(1));
        Assert.That(member.Counters.Concurrent, Is.Zero);
    }

    [Test]
    public void AnEnumeratorThatNobodyDisposes_IsSeen()
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Next(AnswerScript.Text("a"));
        _ = member.GetStreamingResponseAsync("hi").GetAsyncEnumerator();
        Assert.That(member.Counters.EnumeratorsOpened - member.Counters.EnumeratorsDisposed, Is.EqualTo(1));
        Assert.That(member.Counters.Calls, Is.Zero, "a stream starts with its first MoveNextAsync");
    }

    [Test]
    public async Task Scripts_AreTakenInOrderAndThenTheStandingOne()
    {
        using ScriptedMember member = new ScriptedMember("mini", _time)
            .Next(2, AnswerScript.Text("first")).Always(call => AnswerScript.Text($"call {call.Index}"));
        List<string> texts = [];
        for (int i = 0; i < 4; i++)
        {
            texts.Add((await member.GetResponseAsync("hi")).Text);
        }

        Assert.That(texts, Is.EqualTo(new[] { "first", "first", "call 2", "call 3" }));
    }

    [Test]
    public void ACallWithoutAScript_SaysHowToGiveOne()
    {
        using ScriptedMember member = new("mini", _time);
        Assert.That(() => member.GetResponseAsync("hi"), Throws.InvalidOperationException.With.Message.Contains("Next or Always"));
        Assert.That(member.Counters.Concurrent, Is.Zero);
    }

    [TestCase(RetryAfterDialect.Seconds, "Retry-After", "90")]
    [TestCase(RetryAfterDialect.HttpDate, "Retry-After", "Sat, 01 Jan 2000 00:01:30 GMT")]
    [TestCase(RetryAfterDialect.Milliseconds, "retry-after-ms", "90000")]
    [TestCase(RetryAfterDialect.ResetDuration, "x-ratelimit-reset-requests", "1m30s")]
    [TestCase(RetryAfterDialect.ResetUnixTime, "x-ratelimit-reset", "946684890")]
    public void RateLimited_SpeaksTheDialect(RetryAfterDialect dialect, string header, string value)
    {
        using ScriptedMember member = new ScriptedMember("mini", _time).Always(AnswerScript.RateLimited(TimeSpan.FromSeconds(90), dialect));
        Assert.That(() => member.GetResponseAsync("hi"), Throws.TypeOf<ModelHttpException>()
            .With.Property(nameof(ModelHttpException.StatusCode)).EqualTo(429)
            .And.Matches<ModelHttpException>(error => error!.Headers[header] == value));
    }

    private static Task<ChatResponse> Ask(ScriptedMember member, bool streaming, CancellationToken cancellationToken = default) => streaming
        ? member.GetStreamingResponseAsync("one two three", cancellationToken: cancellationToken).ToChatResponseAsync(cancellationToken)
        : member.GetResponseAsync("one two three", cancellationToken: cancellationToken);

    private static async Task Read(ScriptedMember member, bool streaming, List<string> seen)
    {
        if (!streaming)
        {
            seen.Add((await member.GetResponseAsync("hi")).Text);
            return;
        }

        await foreach (ChatResponseUpdate update in member.GetStreamingResponseAsync("hi"))
        {
            seen.Add(update.Text);
        }
    }
}
