using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>What a router remembers from one request to the next.</summary>
public class HealthTests
{
    private static IEnumerable<RetryAfterDialect> Dialects => Enum.GetValues<RetryAfterDialect>().Where(dialect => dialect is not RetryAfterDialect.None);

    [Test]
    public void DeadPrimary_IsPaidForThreeTimes_NotFifty([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(500), Scene.Good);
        for (int i = 0; i < 50; i++)
        {
            Assert.That(scene.Ask(streaming).Text, Is.EqualTo("The good answer."));
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(3));
    }

    [Test]
    public void RecoveredPrimary_IsProbedByOneRequest_AndTakesOverAgain([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(500), Scene.Good);
        for (int i = 0; i < 3; i++)
        {
            _ = scene.Ask(streaming);
        }

        scene.Members[0].Always(Scene.Good);
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("a"));
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("a"));
    }

    [Test]
    public void RateLimit_GoesToAHealthyMemberAtOnce_AndIsLeftAloneAsLongAsItSays([Values] bool streaming, [ValueSource(nameof(Dialects))] RetryAfterDialect dialect)
    {
        Scene scene = new(null, AnswerScript.RateLimited(TimeSpan.FromSeconds(20), dialect), Scene.Good);
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.Zero));
        scene.Time.Advance(TimeSpan.FromSeconds(18));
        _ = scene.Ask(streaming);
        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(1));
        scene.Time.Advance(TimeSpan.FromSeconds(3));
        _ = scene.Ask(streaming);
        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(2));
    }

    [Test]
    public void RateLimit_IsWaitedForOnlyWhenNobodyIsLeft([Values] bool streaming)
    {
        Scene scene = new(null, Scene.Good, AnswerScript.Http(500));
        scene.Members[0].Next(AnswerScript.RateLimited(TimeSpan.FromSeconds(3)));
        ChatResponse response = scene.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(response, ReceiptIs.AskedInOrder("a", "b", "a"));
            Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(3)));
        });
    }

    [Test]
    public void RateLimit_LongerThanTheDeadline_IsRefusedAtOnce([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(2) }, AnswerScript.RateLimited(TimeSpan.FromSeconds(3)));
        Assert.That(() => scene.Ask(streaming), Throws.TypeOf<AllMembersFailedException>());
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.Zero));
    }

    [Test]
    public void RefusedKey_IsLeftAlone_WhileTheOtherKeyOfTheMemberAnswers([Values] bool streaming)
    {
        VirtualTime time = new();
        using ScriptedMember first = new ScriptedMember("first", time).Always(AnswerScript.Http(401));
        using ScriptedMember second = new ScriptedMember("second", time).Always(Scene.Good);
        using ScriptedMember spare = new ScriptedMember("spare", time).Always(Scene.Good);
        using RouterChatClient router = new("main", [new Member("mini", [first, second]), new Member("spare", spare)], null, new EnsembleRuntime { TimeProvider = time });
        for (int i = 0; i < 3; i++)
        {
            Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("mini"));
        }

        Assert.That((first.Counters.Calls, second.Counters.Calls, spare.Counters.Calls), Is.EqualTo((1, 3, 0)));
    }

    [Test]
    public void AllKeysDark_TheSiblingAnswers([Values] bool streaming)
    {
        VirtualTime time = new();
        using ScriptedMember first = new ScriptedMember("first", time).Always(AnswerScript.Http(401));
        using ScriptedMember second = new ScriptedMember("second", time).Always(AnswerScript.Http(402));
        using ScriptedMember spare = new ScriptedMember("spare", time).Always(Scene.Good);
        using RouterChatClient router = new("main", [new Member("mini", [first, second]), new Member("spare", spare)], null, new EnsembleRuntime { TimeProvider = time });
        Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("spare"));
    }

    [Test]
    public void CallersCancellation_SaysNothingAboutTheMember([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions(), AnswerScript.Hang());
        for (int i = 0; i < 20; i++)
        {
            using CancellationTokenSource caller = new(TimeSpan.FromSeconds(1), scene.Time);
            Assert.That(() => scene.Ask(streaming, caller.Token), Throws.InstanceOf<OperationCanceledException>());
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(20));
    }

    [Test]
    public void Bulkhead_QueuesWithinTheDeadline_AndRefusesEarly([Values] bool streaming)
    {
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("slow", time).Always(Scene.Good.After(TimeSpan.FromSeconds(2)));
        Member member = new("slow", slow) { Limits = new DeploymentLimits { MaxConcurrency = 1 } };
        using RouterChatClient router = new("main", [member], new RouterOptions { MaxQueue = 1 }, new EnsembleRuntime { TimeProvider = time });
        time.Run(async () =>
        {
            Task<ChatResponse> first = router.AskAsync(streaming), second = router.AskAsync(streaming);
            AllMembersFailedException? third = await Assert.ThrowsAsync<AllMembersFailedException>(() => router.AskAsync(streaming)).ConfigureAwait(false);
            Assert.That(third, ReceiptIs.WithFailure("slow", FailureClass.Overloaded));
            Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.Zero));
            _ = await first.ConfigureAwait(false);
            _ = await second.ConfigureAwait(false);
        });
        Assert.That((time.Elapsed, slow.Counters.MaxConcurrent), Is.EqualTo((TimeSpan.FromSeconds(4), 1)));
    }

    [Test]
    public void CallsThatDoNotComeBack_HoldNobodyWhileAnotherCouldAnswer([Values] bool streaming)
    {
        (RouterChatClient router, VirtualTime time, _) = Crowded(Scene.Good);
        ChatResponse response = time.Run(() => router.AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(response, ReceiptIs.AnsweredBy("free"));
            Assert.That(response, ReceiptIs.WithFailure("full", FailureClass.Overloaded));
            Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)), "an attempt's time, and no longer");
        });
    }

    [Test]
    public void QueueThatWasLeftForOthers_IsJoinedAgain_WhenNoneOfThemAnswers([Values] bool streaming)
    {
        (RouterChatClient router, VirtualTime time, ScriptedMember full) = Crowded(AnswerScript.Http(500));
        ChatResponse response = time.Run(() => router.AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(response, ReceiptIs.AnsweredBy("full"));
            Assert.That(response, ReceiptIs.WithFailure("free", FailureClass.Transport));
            Assert.That(full.Counters.MaxConcurrent, Is.EqualTo(1));
        });
    }

    [Test]
    public void PlacesOfCallsThatWereGivenUp_AreWaitedForByNobody_WhileAnotherCouldAnswer([Values] bool streaming)
    {
        (RouterChatClient router, VirtualTime time) = Deaf(Scene.Good);
        ChatResponse response = time.Run(() => router.AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(response, ReceiptIs.AnsweredBy("free"));
            Assert.That(response, ReceiptIs.WithFailure("deaf", FailureClass.Overloaded));
            Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(6)), "an attempt and the grace of the first call, and no time of this one");
        });
    }

    [Test]
    public void PlacesOfCallsThatWereGivenUp_AreWaitedForNoLongerThanLongestWait_WhenNobodyElseAnswers([Values] bool streaming, [Values] bool queuedBefore)
    {
        (RouterChatClient router, VirtualTime time) = Deaf(AnswerScript.Http(500), queuedBefore ? TimeSpan.FromSeconds(2) : TimeSpan.FromSeconds(6));
        AllMembersFailedException error = Assert.Throws<AllMembersFailedException>(() => time.Run(() => router.AskAsync(streaming)))!;
        Assert.Multiple(() =>
        {
            Assert.That(error, ReceiptIs.WithFailure("deaf", FailureClass.Overloaded));
            Assert.That(error.Message, Does.Contain("given up and have not come back"));
            Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(36)));
        });
    }

    [Test]
    public void AMemberThatWasDeaf_IsAskedAgain_WhenItsCallComesBack([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        ScriptedMember member = new ScriptedMember("m", time).Always(Scene.Good);
        TaskCompletionSource comesBack = new();
        Member deaf = new("deaf", new DeafAtFirst(member, comesBack.Task)) { Limits = new DeploymentLimits { MaxConcurrency = 1 } };
        RouterChatClient router = new("main", [deaf, new Member("free", new ScriptedMember("free", time).Always(Scene.Good))], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5) }, runtime);
        Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("free"));
        Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("free"));
        // Without a context what waits for it goes on here and now.
        SynchronizationContext? context = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(null);
        comesBack.SetResult();
        SynchronizationContext.SetSynchronizationContext(context);
        Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("deaf"));
    }

    // A member whose one place is held by a call that was given up after five seconds and a grace of one, and another beside it.
    private static (RouterChatClient Router, VirtualTime Time) Deaf(AnswerScript other, TimeSpan? after = null)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        RouterOptions options = new() { AttemptTimeout = TimeSpan.FromSeconds(5) };
        Member deaf = new("deaf", new DeafAtFirst(new ScriptedMember("m", time).Always(Scene.Good), new TaskCompletionSource().Task)) { Limits = new DeploymentLimits { MaxConcurrency = 1 } };
        _ = new RouterChatClient("others", [deaf], options, runtime).GetResponseAsync("hello").ContinueWith(static failed => failed.Exception, TaskScheduler.Default);
        time.Run(() => Task.Delay(after ?? TimeSpan.FromSeconds(6), time));
        Member[] members = other == Scene.Good ? [deaf, new Member("free", new ScriptedMember("free", time).Always(other))] : [deaf];
        return (new RouterChatClient("main", members, options, runtime), time);
    }

    private sealed class DeafAtFirst(IChatClient inner, Task until) : DelegatingChatClient(inner)
    {
        private bool _wasCalled;

        public override async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await HangAsync().ConfigureAwait(false);
            return await base.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        }

        public override async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await HangAsync().ConfigureAwait(false);
            await foreach (ChatResponseUpdate update in base.GetStreamingResponseAsync(messages, options, cancellationToken).ConfigureAwait(false))
            {
                yield return update;
            }
        }

        private Task HangAsync()
        {
            bool isFirst = !_wasCalled;
            _wasCalled = true;
            return isFirst ? until : Task.CompletedTask;
        }
    }

    // A member whose one place is taken for half a minute, and another beside it.
    private static (RouterChatClient Router, VirtualTime Time, ScriptedMember Full) Crowded(AnswerScript other)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        ScriptedMember full = new ScriptedMember("full", time).Next(Scene.Good.After(TimeSpan.FromSeconds(30))).Always(Scene.Good);
        Member crowded = new("full", full) { Limits = new DeploymentLimits { MaxConcurrency = 1 } };
        _ = new RouterChatClient("others", [crowded], null, runtime).GetResponseAsync("hello");
        ScriptedMember free = new ScriptedMember("free", time).Always(other);
        return (new RouterChatClient("main", [crowded, new Member("free", free)], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5) }, runtime), time, full);
    }
}
