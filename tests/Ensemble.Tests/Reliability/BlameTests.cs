using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>What says something about a deployment, and what about the caller, the queue or the request.</summary>
public class BlameTests
{
    private static readonly AnswerScript Slow = AnswerScript.Text("late").After(TimeSpan.FromSeconds(1));

    [Test]
    public void ContentAfterTheAttemptsTime_IsNotHandedOn_TheNextAnswersUnseen()
    {
        VirtualTime time = new();
        using ScriptedMember good = new ScriptedMember("good", time).Always(Scene.Good);
        RouterChatClient router = new(
            "main", [new Member("deaf", new Deaf(time, TimeSpan.FromSeconds(5.5))), new Member("good", good)], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5) }, new EnsembleRuntime { TimeProvider = time });
        ChatResponse response = time.Run(() => router.AskAsync(streaming: true));
        Assert.That(response.Text, Is.EqualTo("The good answer."));
        Assert.That(response, ReceiptIs.WithFailure("deaf", FailureClass.Timeout));
    }

    [Test]
    public void ContentAfterTheDeadline_IsTheDeadlinesError_NotABadRequest()
    {
        VirtualTime time = new();
        RouterChatClient router = new("main", [new Member("deaf", new Deaf(time, TimeSpan.FromSeconds(5.5)))], new RouterOptions { Deadline = TimeSpan.FromSeconds(5) }, new EnsembleRuntime { TimeProvider = time });
        Assert.That(() => time.Run(() => router.AskAsync(streaming: true)), Throws.TypeOf<DeadlineExceededException>());
    }

    [Test]
    public void AnImpatientCaller_DoesNotTakeADeploymentOutForOthers([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions(), Slow);
        for (int i = 0; i < 10; i++)
        {
            ChatOptions hurry = new ChatOptions().WithEnsemble(request => request with { TimeLimit = TimeSpan.FromMilliseconds(100) });
            Assert.That(() => scene.Time.Run(() => scene.Router.AskAsync(streaming, options: hurry)), Throws.TypeOf<DeadlineExceededException>());
        }

        Assert.That(scene.Ask(streaming).Text, Is.EqualTo("late"));
    }

    [Test]
    public void AMemberThatHangsFromTheFirstCall_IsPassedOver_AlsoUnderDeadlinesBelowAMinute([Values(1, 3, 20)] int seconds, [Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(seconds) }, AnswerScript.Hang(), Scene.Good);
        int failed = 0;
        string? answer = null;
        while (answer is null && failed < 100)
        {
            try
            {
                answer = scene.Ask(streaming).Text;
            }
            catch (DeadlineExceededException)
            {
                failed++;
            }
        }

        // Ten seconds of silence are no longer haste; the breaker then opens after three failures.
        Assert.That((answer, failed), Is.EqualTo(("The good answer.", (int)Math.Ceiling(10.0 / seconds) + 2)));
    }

    [Test]
    public void AnAnswerBetweenCallsThatAreCutOff_SaysThatItDoesNotHang([Values] bool streaming)
    {
        int call = 0;
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(3) }, Slow);
        scene.Members[0].Always(_ => ++call % 4 == 0 ? Slow : AnswerScript.Hang());
        for (int i = 1; i <= 40; i++)
        {
            if (i % 4 == 0)
            {
                Assert.That(scene.Ask(streaming).Text, Is.EqualTo("late"));
            }
            else
            {
                Assert.That(() => scene.Ask(streaming), Throws.TypeOf<DeadlineExceededException>());
            }
        }
    }

    [Test]
    public void AnErrorBetweenCallsThatAreCutOff_SaysThatItDoesNotHang_UnlessItIsTheConnections(
        [Values] bool streaming, [Values(400, 429, 500, 0)] int status)
    {
        int call = 0;
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(3) }, Slow);
        AnswerScript error = status == 0 ? AnswerScript.Fail(new HttpRequestException("connection refused")) : AnswerScript.Http(status);
        scene.Members[0].Always(_ => ++call % 4 == 0 ? error : AnswerScript.Hang());
        for (int i = 1; i <= 11; i++)
        {
            Assert.That(() => scene.Ask(streaming), Throws.InstanceOf<EnsembleException>());
            scene.Time.Advance(i % 4 == 0 ? TimeSpan.FromSeconds(20) : TimeSpan.Zero);
        }

        Assert.That(scene.Members[0].Counters.Calls, status == 0 ? Is.LessThan(11) : Is.EqualTo(11));
    }

    [Test]
    public void ManyImpatientCalls_DoNotTakeADeploymentOut_WhoseTimesNobodyKnowsYet([Values] bool streaming, [Values(0, 1, 25)] int known)
    {
        Scene scene = new(new RouterOptions(), Slow);
        for (int i = 0; i < known; i++)
        {
            _ = scene.Ask(streaming);
        }

        for (int i = 0; i < 300; i++)
        {
            Assert.That(() => scene.Hurry(streaming), Throws.TypeOf<DeadlineExceededException>());
        }

        Assert.That(scene.Ask(streaming).Text, Is.EqualTo("late"));
    }

    [Test]
    public void CallersWhoGiveTooLittle_ShutNobodyOutWhoGivesMore([Values] bool streaming, [Values] bool limited, [Values] bool unlimited)
    {
        // A deployment that needs four seconds and has never answered, and callers who give it one and a half.
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("slow", time).Always(AnswerScript.Text("late").After(TimeSpan.FromSeconds(4)));
        Member member = new("slow", slow) { Limits = limited ? new DeploymentLimits { MaxConcurrency = 100 } : DeploymentLimits.None };
        RouterChatClient router = new("main", [member], new RouterOptions(), new EnsembleRuntime { TimeProvider = time });
        Task<ChatResponse> AskAsync(double? seconds) =>
            router.AskAsync(streaming, options: new ChatOptions().WithEnsemble(request => request with { TimeLimit = seconds is { } limit ? TimeSpan.FromSeconds(limit) : null }));
        for (int i = 0; i < 100; i++)
        {
            Assert.That(() => time.Run(() => AskAsync(1.5)), Throws.InstanceOf<EnsembleException>());
            time.Advance(TimeSpan.FromSeconds(i % 5 == 0 ? 5 : 0));
        }

        int before = slow.Counters.Calls;
        Assert.That(() => time.Run(() => AskAsync(1.5)), Throws.TypeOf<AllMembersFailedException>(), "it is out");
        time.Run(async () =>
        {
            Task<ChatResponse> patient = AskAsync(unlimited ? null : 10);
            _ = await Assert.ThrowsAsync<AllMembersFailedException>(() => AskAsync(10));
            Assert.That((await patient).Text, Is.EqualTo("late"), "one at a time");
        });
        Assert.That(slow.Counters.Calls - before, Is.EqualTo(1));
        Assert.That(time.Run(() => AskAsync(10)).Text, Is.EqualTo("late"), "and then it is back for all");
    }

    [Test]
    public void WhatHangsForThePatientToo_IsOutForThemAsWell([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions(), AnswerScript.Hang(), Scene.Good);
        for (int i = 0; i < 20; i++)
        {
            Assert.That(() => scene.Hurry(streaming, seconds: 2), i < 7 ? Throws.TypeOf<DeadlineExceededException>() : Throws.Nothing);
        }

        int asked = scene.Members[0].Counters.Calls;
        Assert.That(() => scene.Hurry(streaming, seconds: 30), Throws.TypeOf<DeadlineExceededException>());
        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(asked + 1));
        for (int i = 0; i < 20; i++)
        {
            Assert.That(scene.Hurry(streaming, seconds: 30), ReceiptIs.AnsweredBy("b"));
        }
    }

    [Test]
    public void CallsShorterThanTheFewAnswersThatAreKnown_AreNoSilence([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions(), AnswerScript.Text("late").After(TimeSpan.FromSeconds(5)));
        _ = scene.Ask(streaming);
        for (int i = 0; i < 50; i++)
        {
            Assert.That(() => scene.Hurry(streaming, seconds: 3), Throws.TypeOf<DeadlineExceededException>());
        }

        Assert.That(scene.Ask(streaming).Text, Is.EqualTo("late"));
    }

    [Test]
    public void ImpatientCalls_NeitherHoldTheProbeNorLengthenTheWait([Values] bool streaming, [Values(0, 25)] int known)
    {
        Scene scene = Scene.WithBroken(Slow, streaming, known);
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        for (int i = 0; i < 300; i++)
        {
            Assert.That(() => scene.Hurry(streaming), Throws.InstanceOf<EnsembleException>());
        }

        int asked = scene.Members[0].Counters.Calls - known - 3;
        Assert.That(asked, Is.EqualTo(1), "one of them tries every five seconds");
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        scene.Time.Run(async () =>
        {
            Task<ChatResponse> hurried = scene.HurryAsync(streaming);
            Task<ChatResponse> patient = scene.Router.AskAsync(streaming);
            await Assert.ThrowsAsync<DeadlineExceededException>(() => hurried);
            Assert.That((await patient).Text, Is.EqualTo("late"), "whoever has the time probes beside it");
        });
        Assert.That(scene.Ask(streaming).Text, Is.EqualTo("late"));
    }

    [Test]
    public void ADeploymentWhoseCallersAreAllImpatient_ComesBackAllTheSame([Values] bool streaming)
    {
        Scene scene = Scene.WithBroken(AnswerScript.Text("quick").After(TimeSpan.FromMilliseconds(50)), streaming, known: 0);
        Assert.That(() => scene.Hurry(streaming), Throws.TypeOf<AllMembersFailedException>());
        scene.Time.Advance(TimeSpan.FromSeconds(5));
        Assert.That(scene.Hurry(streaming).Text, Is.EqualTo("quick"));
        Assert.That(scene.Hurry(streaming).Text, Is.EqualTo("quick"));
    }

    [Test]
    public void AHealthyStreamLongerThanTheDeadline_IsNoFaultOfItsDeployment()
    {
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(3) }, AnswerScript.Text("1", "2", "3", "4", "5", "6").Every(TimeSpan.FromSeconds(1)));
        for (int i = 0; i < 6; i++)
        {
            Assert.That(scene.Watch().Error, Is.TypeOf<StreamInterruptedException>());
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(6));
    }

    [Test]
    public void ACallCutByTheDeadline_CountsOnceItIsLateForThisDeployment([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(3) }, Slow, Scene.Good);
        for (int i = 0; i < 20; i++)
        {
            _ = scene.Ask(streaming);
        }

        scene.Members[0].Always(AnswerScript.Hang());
        for (int i = 0; i < 10; i++)
        {
            try
            {
                _ = scene.Ask(streaming);
            }
            catch (DeadlineExceededException)
            {
            }
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.LessThanOrEqualTo(24), "out after three, probed once");
        Assert.That(scene.Members[1].Counters.Calls, Is.GreaterThanOrEqualTo(6));
    }

    [Test]
    public void AFullQueue_ReachesTheCallerAsOverload_AndAnOuterRouterAsNoFault([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        using ScriptedMember slow = new ScriptedMember("slow", time).Always(Slow);
        RouterChatClient inner = new("inner", [new Member("slow", slow) { Limits = new DeploymentLimits { MaxConcurrency = 1 } }], new RouterOptions { MaxQueue = 0 }, runtime);
        RouterChatClient outer = new("outer", [new Member("inner", inner)], null, runtime);
        time.Run(async () =>
        {
            Task<ChatResponse> first = outer.AskAsync(streaming);
            for (int i = 0; i < 5; i++)
            {
                AllMembersFailedException? error = await Assert.ThrowsAsync<AllMembersFailedException>(() => inner.AskAsync(streaming));
                Assert.That((error!.FailureClass, error.InnerException), Is.EqualTo((FailureClass.Overloaded, error.InnerException as ModelBusyException)));
                error = await Assert.ThrowsAsync<AllMembersFailedException>(() => outer.AskAsync(streaming));
                Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.Overloaded));
            }

            _ = await first;
            Assert.That((await outer.AskAsync(streaming)).Text, Is.EqualTo("late"), "five refusals at a full queue say nothing about the router behind it");
        });
    }

    [Test]
    public void RateLimitsOfAllMembers_SayWhenToComeBack([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { LongestWait = TimeSpan.FromSeconds(10) }, AnswerScript.RateLimited(TimeSpan.FromSeconds(60)), AnswerScript.RateLimited(TimeSpan.FromSeconds(40)), AnswerScript.Http(401));
        AllMembersFailedException? error = Assert.Throws<AllMembersFailedException>(() => scene.Ask(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.RateLimited));
            Assert.That(error!.RetryAfter, Is.EqualTo(TimeSpan.FromSeconds(40)));
            Assert.That(error!.InnerException, Is.InstanceOf<EnsembleException>());
        });
        scene.Time.Advance(TimeSpan.FromSeconds(10));
        error = Assert.Throws<AllMembersFailedException>(() => scene.Ask(streaming));
        Assert.That((error!.FailureClass, error.RetryAfter), Is.EqualTo((FailureClass.RateLimited, TimeSpan.FromSeconds(30))), "also when nobody was asked");
    }

    [Test]
    public void AnOuterRouter_WaitsForTheRateLimitOfTheInner([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        using ScriptedMember model = new ScriptedMember("m", time).Next(AnswerScript.RateLimited(TimeSpan.FromSeconds(20))).Always(Scene.Good);
        RouterChatClient inner = new("inner", [new Member("m", model)], new RouterOptions { LongestWait = TimeSpan.Zero }, runtime);
        RouterChatClient outer = new("outer", [new Member("inner", inner)], null, runtime);
        Assert.That(time.Run(() => outer.AskAsync(streaming)).Text, Is.EqualTo("The good answer."));
        Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(20)));
    }

    [Test]
    public void ARateLimitWithoutATime_IsWaitedForWhenNobodyIsLeft([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { Deadline = TimeSpan.FromSeconds(60) }, Scene.Good);
        scene.Members[0].Next(AnswerScript.Http(429));
        Assert.That(scene.Ask(streaming).Text, Is.EqualTo("The good answer."));
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(5)));
    }

    [Test]
    public void ACallThatIgnoresItsToken_KeepsItsPlaceUntilItEnds([Values] bool streaming)
    {
        VirtualTime time = new();
        Deaf deaf = new(time, TimeSpan.FromSeconds(60));
        RouterChatClient router = new(
            "main", [new Member("deaf", deaf) { Limits = new DeploymentLimits { MaxConcurrency = 1 } }], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(5), MaxQueue = 0 }, new EnsembleRuntime { TimeProvider = time });
        for (int i = 0; i < 3; i++)
        {
            Assert.That(() => time.Run(() => router.AskAsync(streaming)), Throws.TypeOf<AllMembersFailedException>());
        }

        Assert.That(deaf.Most, Is.EqualTo(1));
        time.Advance(TimeSpan.FromSeconds(61));
        Assert.That(() => time.Run(() => router.AskAsync(streaming)), Throws.TypeOf<AllMembersFailedException>());
        Assert.That((deaf.Calls, deaf.Most), Is.EqualTo((2, 1)), "the place is free again once the call has ended");
    }

    [Test]
    public void ADeadServerThatStatesShortWaits_IsLeftAlone([Values] bool streaming, [Values(500, 503)] int status)
    {
        Scene scene = new(null, AnswerScript.Http(status, headers: new Dictionary<string, string> { ["retry-after"] = "0" }), Scene.Good);
        for (int i = 0; i < 50; i++)
        {
            _ = scene.Ask(streaming);
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(3));
    }

    [Test]
    public void ARateLimitThatNamesTheSameShortWaitForEver_IsDoubled()
    {
        Scene scene = new(null, AnswerScript.RateLimited(TimeSpan.FromSeconds(1)), Scene.Good);
        for (int i = 0; i < 60; i++)
        {
            _ = scene.Ask(streaming: false);
            scene.Time.Advance(TimeSpan.FromSeconds(1));
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.LessThanOrEqualTo(5));
    }

    [Test]
    public void AProbeThatAnswersAfterItsLease_ClosesTheBreakerAllTheSame()
    {
        BreakerOptions options = BreakerOptions.Default;
        Breaker breaker = default;
        for (int i = 0; i < 3; i++)
        {
            Assert.That(breaker.TryBegin(0, options, out BreakerPass pass), Is.True);
            breaker.Fail(pass, 0, options);
        }

        long due = options.FirstWait;
        Assert.That(breaker.TryBegin(due, options, out BreakerPass first), Is.True);
        Assert.That(breaker.TryBegin(due + options.ProbeLease, options, out BreakerPass second), Is.True);
        breaker.Succeed(first);
        Assert.That(breaker.StateAt(due + options.ProbeLease), Is.EqualTo(BreakerState.Closed));
        breaker.Fail(second, due + options.ProbeLease, options);
        Assert.That(breaker.StateAt(due + options.ProbeLease), Is.EqualTo(BreakerState.Closed), "the later probe says no more");
    }

    [Test]
    public void APromptTooLong_IsNotSentToTheOtherKeysOfTheSameModel([Values] bool streaming)
    {
        VirtualTime time = new();
        ScriptedMember[] keys = [.. Enumerable.Range(0, 3).Select(i => new ScriptedMember($"k{i}", time).Always(AnswerScript.Http(400, "{\"error\":{\"code\":\"context_length_exceeded\"}}")))];
        using ScriptedMember large = new ScriptedMember("large", time).Always(Scene.Good);
        RouterChatClient router = new("main", [new Member("mini", keys), new Member("large", large)], null, new EnsembleRuntime { TimeProvider = time });
        Assert.That(time.Run(() => router.AskAsync(streaming)), ReceiptIs.AnsweredBy("large"));
        Assert.That(keys.Sum(key => key.Counters.Calls), Is.EqualTo(1));
    }

    [Test]
    public void OneAttempt_IsOneCallOfAModel_HoweverDeepItLies([Values] bool streaming)
    {
        VirtualTime time = new();
        EnsembleRuntime runtime = new() { TimeProvider = time };
        using ScriptedMember bad = new ScriptedMember("bad", time).Always(AnswerScript.Http(500)), good = new ScriptedMember("good", time).Always(Scene.Good);
        RouterChatClient inner = new("inner", [new Member("bad", bad), new Member("good", good)], null, runtime);
        RouterChatClient outer = new("outer", [new Member("inner", inner)], null, runtime);
        ChatOptions Limited(int attempts) => new ChatOptions().WithEnsemble(request => request with { MaxAttempts = attempts });
        Assert.That(() => time.Run(() => outer.AskAsync(streaming, options: Limited(1))), Throws.TypeOf<AllMembersFailedException>());
        Assert.That((bad.Counters.Calls, good.Counters.Calls), Is.EqualTo((1, 0)));
        Assert.That(time.Run(() => outer.AskAsync(streaming, options: Limited(2))).Text, Is.EqualTo("The good answer."));
    }

    [Test]
    public void AContentFilterInMidAnswer_IsTheSameErrorWholeAndStreamed([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Text("half ", "an answer").FinishingWith(ChatFinishReason.ContentFilter), Scene.Good);
        EnsembleException? error = Assert.Catch<EnsembleException>(() => scene.Ask(streaming));
        Assert.That(error!.FailureClass, Is.EqualTo(FailureClass.ContentFilter));
        Assert.That((error as StreamInterruptedException)?.Partial?.Text, Is.EqualTo(streaming ? "half an answer" : null));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void AStreamThatSaysNothing_IsLeftAfterTwoMinutes_WithoutAnySetting()
    {
        Scene scene = new(new RouterOptions(), AnswerScript.Hang(), Scene.Good);
        Assert.That(scene.Ask(streaming: true).Text, Is.EqualTo("The good answer."));
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromMinutes(2)));
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void AModelThatThinksForMinutes_SaysThatItLives()
    {
        Scene scene = new(new RouterOptions(), AnswerScript.Contents(new TextReasoningContent("hm"), new TextReasoningContent("so"), new TextReasoningContent("then"), new TextContent("yes")).Every(TimeSpan.FromSeconds(119)));
        Assert.That(scene.Ask(streaming: true).Text, Is.EqualTo("yes"));
        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(1));
    }

    [Test]
    public void AModelInThisProcess_MayReadItsPromptInSilence()
    {
        VirtualTime time = new();
        using ScriptedMember slow = new ScriptedMember("local", time).Always(AnswerScript.Text("yes").After(TimeSpan.FromMinutes(10)));
        RouterChatClient router = new("main", [new Member("local", new Local(slow))], null, new EnsembleRuntime { TimeProvider = time });
        Assert.That(time.Run(() => router.AskAsync(streaming: true)).Text, Is.EqualTo("yes"));
    }

    private sealed class Local(IChatClient inner) : DelegatingChatClient(inner)
    {
        private static readonly MemberTraits Traits = new() { InProcess = true };

        public override object? GetService(Type serviceType, object? serviceKey = null) => serviceType == typeof(MemberTraits) ? Traits : base.GetService(serviceType, serviceKey);
    }

    private sealed class Deaf(VirtualTime time, TimeSpan first) : IChatClient
    {
        private int _open;

        public int Calls { get; private set; }

        public int Most { get; private set; }

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
            await GetStreamingResponseAsync(messages, options, cancellationToken).ToChatResponseAsync(CancellationToken.None);

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Calls++;
            Most = Math.Max(Most, ++_open);
            try
            {
                await Task.Delay(first, time, CancellationToken.None);
                yield return new ChatResponseUpdate(ChatRole.Assistant, "deaf");
                await Task.Delay(TimeSpan.FromSeconds(3), time, CancellationToken.None);
                yield return new ChatResponseUpdate(ChatRole.Assistant, " end") { FinishReason = ChatFinishReason.Stop };
            }
            finally
            {
                _open--;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
