using CsCheck;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>One deadline for a request and everything nested in it; timers that stand still while the consumer holds an update.</summary>
public class DeadlineTests
{
    [Test]
    public void Deadline_EndsTheRequest_AndTheLastAttemptGetsWhatIsLeft([Values] bool streaming)
    {
        Scene scene = new(
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(10) },
            AnswerScript.Hang(), Scene.Good.After(TimeSpan.FromSeconds(7)));
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(9)));
    }

    [Test]
    public void Deadline_Passed_IsItsOwnError([Values] bool streaming)
    {
        Scene scene = new(
            new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2), Deadline = TimeSpan.FromSeconds(3) }, AnswerScript.Hang(), AnswerScript.Hang(), Scene.Good);
        DeadlineExceededException? error = Assert.Throws<DeadlineExceededException>(() => scene.Ask(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(error!.Attempts, Has.Count.EqualTo(2));
            Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(3)));
            Assert.That(scene.Members[2], CountersAre.Untouched);
        });
    }

    [Test]
    public void DeadlineOfTheRequest_HoldsInEveryNesting()
    {
        Gen.Select(Gen.Int[1, 5], Gen.Int[1, 60], Gen.Int[1, 60], Gen.Bool).Sample((depth, outer, inner, streaming) =>
        {
            VirtualTime time = new();
            using ScriptedMember hanging = new ScriptedMember("leaf", time).Always(AnswerScript.Hang());
            IChatClient client = hanging;
            for (int i = 0; i < depth; i++)
            {
                client = new RouterChatClient(
                    $"r{i}", [new Member("x", client), new Member("y", client)],
                    new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(inner), Deadline = i % 2 == 0 ? TimeSpan.FromSeconds(inner + i) : null },
                    new EnsembleRuntime { TimeProvider = time });
            }

            ChatOptions options = new ChatOptions().WithEnsemble(r => r with { TimeLimit = TimeSpan.FromSeconds(outer) });
            Assert.That(() => time.Run(() => client.AskAsync(streaming, options: options)), Throws.InstanceOf<EnsembleException>());
            Assert.That(time.Elapsed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(outer)));
            Assert.That(hanging, CountersAre.Quiet);
        }, iter: 200, threads: 1);
    }

    [Test]
    public void AttemptsOfTheRequest_AreCountedInEveryNesting([Values] bool streaming, [Values(1, 2, 3)] int attempts)
    {
        VirtualTime time = new();
        using ScriptedMember broken = new ScriptedMember("leaf", time).Always(AnswerScript.Http(500));
        EnsembleRuntime runtime = new() { TimeProvider = time };
        using ScriptedMember other = new ScriptedMember("other", time).Always(AnswerScript.Http(500));
        RouterChatClient inner = new("inner", [new Member("x", broken), new Member("y", other)], null, runtime);
        RouterChatClient outer = new("outer", [new Member("inner", inner), new Member("again", inner)], null, runtime);
        ChatOptions options = new ChatOptions().WithEnsemble(r => r with { MaxAttempts = attempts });
        Assert.That(() => time.Run(() => outer.AskAsync(streaming, options: options)), Throws.TypeOf<AllMembersFailedException>());
        Assert.That(broken.Counters.Calls + other.Counters.Calls, Is.EqualTo(attempts));
    }

    [Test]
    public void TimersOfAStream_StandStillWhileTheConsumerHoldsAnUpdate()
    {
        Scene scene = new(new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(1), IdleTimeout = TimeSpan.FromSeconds(1) }, AnswerScript.Text("a", "b", "c").Every(TimeSpan.FromMilliseconds(900)));
        string seen = "";
        scene.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate update in scene.Router.GetStreamingResponseAsync("hello").ConfigureAwait(false))
            {
                seen += update.Text;
                await Task.Delay(TimeSpan.FromMinutes(10), scene.Time).ConfigureAwait(false);
            }
        });
        Assert.That(seen, Is.EqualTo("abc"));
    }

    [Test]
    public void StreamSlowerThanTheMinimum_IsInterrupted()
    {
        Scene scene = new(
            new RouterOptions { MinCharactersPerSecond = 2 }, AnswerScript.Text([.. Enumerable.Repeat("x", 100)]).Every(TimeSpan.FromSeconds(1)));
        (string seen, Exception? error) = scene.Watch();
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.TypeOf<StreamInterruptedException>().With.Message.Contains("slower than 2 characters a second"));
            Assert.That(seen, Has.Length.InRange(9, 12));
        });
    }

    [TestCase(1, null, 10)]
    [TestCase(1, 60, 10)]
    [TestCase(40, null, 20)]
    [TestCase(40, 60, 20)]
    [TestCase(40, 5, 5)]
    public void StreamThatStalls_IsSlowerThanTheMinimumToo_WithoutAPieceThatTells(int characters, int? idle, int seconds)
    {
        RouterOptions options = new() { MinCharactersPerSecond = 2, IdleTimeout = idle is { } limit ? TimeSpan.FromSeconds(limit) : null };
        Scene scene = new(options, AnswerScript.Text(new string('x', characters), "y").HangAfter(1));
        (string seen, Exception? error) = scene.Watch();
        Assert.Multiple(() =>
        {
            Assert.That(error, Is.TypeOf<StreamInterruptedException>().With.Message.Contains(seconds == idle ? "nothing came for" : "slower than 2 characters a second"));
            Assert.That(seen, Has.Length.EqualTo(characters));
            Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(seconds)).Within(TimeSpan.FromMilliseconds(1)));
        });
    }

    [Test]
    public void ConsumerThatHoldsAPiece_MakesNoStreamSlow()
    {
        Scene scene = new(new RouterOptions { MinCharactersPerSecond = 2 }, AnswerScript.Text("abcdef", "ghijkl", "mnopqr").Every(TimeSpan.FromSeconds(2)));
        string seen = "";
        scene.Time.Run(async () =>
        {
            await foreach (ChatResponseUpdate update in scene.Router.GetStreamingResponseAsync("hello").ConfigureAwait(false))
            {
                seen += update.Text;
                await Task.Delay(TimeSpan.FromMinutes(10), scene.Time).ConfigureAwait(false);
            }
        });
        Assert.That(seen, Is.EqualTo("abcdefghijklmnopqr"));
    }

    [Test]
    public void MemberThatIgnoresItsToken_HoldsNobodyLongerThanTheGrace([Values] bool streaming)
    {
        VirtualTime time = new();
        Deaf deaf = new();
        using ScriptedMember good = new ScriptedMember("good", time).Always(Scene.Good);
        using RouterChatClient router = new(
            "main", [new Member("deaf", deaf), new Member("good", good)], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(2) }, new EnsembleRuntime { TimeProvider = time });
        ChatResponse response = time.Run(() => router.AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(response, ReceiptIs.AnsweredBy("good"));
            Assert.That(response, ReceiptIs.WithFailure("deaf", FailureClass.Timeout));
            Assert.That(time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(2) + AttemptStop.Grace));
        });
        time.Run(() =>
        {
            deaf.Wake.SetResult();
            return Task.CompletedTask;
        });
        Assert.That(deaf.Open, Is.Zero);
    }

    /// <summary>Waits for its own signal, whatever its token says.</summary>
    private sealed class Deaf : IChatClient
    {
        public TaskCompletionSource Wake { get; } = new();

        public int Open { get; private set; }

        public async Task<ChatResponse> GetResponseAsync(IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default)
        {
            await Wake.Task.ConfigureAwait(false);
            throw new IOException("too late");
        }

        public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
            IEnumerable<ChatMessage> messages, ChatOptions? options = null, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            Open++;
            try
            {
                await Wake.Task.ConfigureAwait(false);
                yield return new ChatResponseUpdate(ChatRole.Assistant, "too late");
            }
            finally
            {
                Open--;
            }
        }

        public object? GetService(Type serviceType, object? serviceKey = null) => null;

        public void Dispose()
        {
        }
    }
}
