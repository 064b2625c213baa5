using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>The gaps that were reproduced in the platform's own ordered failover, each as what we do instead.</summary>
public class SevenGapsTests
{
    [Test]
    public void BadRequest_IsNotSentToEveryProvider([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(400, "{\"error\":\"unknown parameter\"}"), Scene.Good);
        Assert.That(() => scene.Ask(streaming), Throws.InstanceOf<EnsembleException>().With.Property(nameof(EnsembleException.FailureClass)).EqualTo(FailureClass.BadRequest));
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void ArgumentException_IsTheCallersBug_AndStops([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Fail(new ArgumentException("no such tool")), Scene.Good);
        Assert.That(() => scene.Ask(streaming), Throws.TypeOf<RequestFailedException>());
        Assert.That(scene.Members[1], CountersAre.Untouched);
    }

    [Test]
    public void ArgumentsOfAnSdksOwnCode_AreNoBugOfTheCaller_AndTheNextAnswers([Values] bool streaming)
    {
        // What an SDK of today throws at a finish reason that it does not know.
        Scene scene = new(null, AnswerScript.Fail(Unknown("eos")), Scene.Good);
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));

        static ArgumentOutOfRangeException Unknown(string value) => new(nameof(value), value, "Unknown ChatFinishReason value.");
    }

    [Test]
    public void RefusedKey_IsNotTriedAgain_AndTheReceiptSaysThatTheAnswerIsDegraded([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(401), Scene.Good);
        ChatResponse first = scene.Ask(streaming), second = scene.Ask(streaming);
        Assert.Multiple(() =>
        {
            Assert.That(first, ReceiptIs.WithFailure("a", FailureClass.Unauthorized));
            Assert.That((first.GetReceipt()!.Degraded, second.GetReceipt()!.Degraded), Is.EqualTo((true, true)));
            Assert.That(second, ReceiptIs.AskedInOrder("b"));
        });
    }

    [Test]
    public void EmptyFirstUpdate_DoesNotCommitTheStream()
    {
        Scene scene = new(null, AnswerScript.Text("x").EmptyFirst(3).FailAfter(0, () => new HttpRequestException("x", null, System.Net.HttpStatusCode.ServiceUnavailable)), Scene.Good);
        Assert.That(scene.Ask(streaming: true).Text, Is.EqualTo("The good answer."));
    }

    [Test]
    public void StreamOfZeroUpdates_AndAnswerWithoutMessages_AreFailures([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Nothing(), Scene.Good);
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));
    }

    [Test]
    public void DeadPrimary_CoolsDown([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(401), Scene.Good);
        for (int i = 0; i < 50; i++)
        {
            _ = scene.Ask(streaming);
        }

        Assert.That(scene.Members[0].Counters.Calls, Is.EqualTo(1));
    }

    [Test]
    public void HangingMember_DoesNotEatTheCallersDeadline([Values] bool streaming)
    {
        Scene scene = new(new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(3), Deadline = TimeSpan.FromSeconds(10) }, AnswerScript.Hang(), Scene.Good);
        Assert.That(scene.Ask(streaming), ReceiptIs.AnsweredBy("b"));
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(3)));
    }

    [Test]
    public void Messages_AreEnumeratedOnce([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Http(500), AnswerScript.Http(503), Scene.Good);
        int enumerated = 0;
        IEnumerable<ChatMessage> Messages()
        {
            enumerated++;
            yield return new ChatMessage(ChatRole.User, "hello");
        }

        ChatResponse response = scene.Time.Run(() => streaming
            ? scene.Router.GetStreamingResponseAsync(Messages()).ToChatResponseAsync()
            : scene.Router.GetResponseAsync(Messages()));
        Assert.That((response.Text, enumerated), Is.EqualTo(("The good answer.", 1)));
    }
}
