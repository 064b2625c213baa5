using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Reliability;

/// <summary>What users of other gateways complain about most: streams die, and the fallback does nothing.</summary>
public class StreamingComplaintTests
{
    private static readonly string[] Sixty = [.. Enumerable.Range(0, 60).Select(i => $"{i} ")];

    [Test]
    public void LiteLlm40404_CutAfter40Of60Tokens_IsNoFinishedAnswer([Values] bool streaming) => Check(streaming, AnswerScript.Text(Sixty).CutAfter(40), 40, FailureClass.Protocol);

    [Test]
    public void LiteLlm40404_StallOf30SecondsAfter20Tokens_EndsInOneSecond([Values] bool streaming)
    {
        Scene scene = Check(streaming, AnswerScript.Text(Sixty).StallAfter(20, TimeSpan.FromSeconds(30)), 20, FailureClass.Timeout);
        Assert.That(scene.Time.Elapsed, Is.LessThanOrEqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void LiteLlm40404_OneMalformedLine_IsNoHoleInTheText([Values] bool streaming) => Check(streaming, AnswerScript.Text(Sixty).MalformedAfter(7), 7, FailureClass.Protocol);

    [Test]
    public void LiteLlm40404_OneMalformedLineBeforeAnyText_SendsTheRequestToTheFallback([Values] bool streaming) =>
        Check(streaming, AnswerScript.Text(Sixty).MalformedAfter(0), 0, FailureClass.Protocol);

    [Test]
    public void Elizaos10979_DiesBeforeItsFirstToken_IsAnsweredUnseen([Values] bool streaming) =>
        Check(streaming, AnswerScript.Text(Sixty).RoleFirst().FailAfter(0), 0, FailureClass.Transport);

    [Test]
    public void OpenAgents6319_Empty200_IsAFailure([Values] bool streaming) => Check(streaming, AnswerScript.Empty(), 0, FailureClass.Empty);

    // Whole, or streamed before any content: the second member answers. After content: what came, a typed error, and nobody else's text.
    private static Scene Check(bool streaming, AnswerScript bad, int received, FailureClass failure)
    {
        Scene scene = new(null, bad, Scene.Good);
        if (!streaming || received == 0)
        {
            ChatResponse response = scene.Ask(streaming);
            Assert.That(response.Text, Is.EqualTo("The good answer."));
            Assert.That(response, ReceiptIs.WithFailure("a", failure));
            Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        }
        else
        {
            (string seen, Exception? error) = scene.Watch();
            Assert.That(seen, Is.EqualTo(string.Concat(Sixty.Take(received))));
            Assert.That((error as StreamInterruptedException)?.Partial?.Text, Is.EqualTo(seen));
            Assert.That(error, ReceiptIs.WithFailure("a", failure));
            Assert.That(scene.Members[1], CountersAre.Untouched);
        }

        scene.AssertNothingIsLeftBehind();
        return scene;
    }
}
