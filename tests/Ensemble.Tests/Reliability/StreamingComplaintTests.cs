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

    [Test]
    public void LiteLlm1226_ConnectionRefused_IsAnsweredByTheFallbackInAStreamToo([Values] bool streaming) =>
        Check(streaming, AnswerScript.Fail(new HttpRequestException("connection refused")), 0, FailureClass.Transport);

    [Test]
    public void LiteLlm6957_OverloadedEventInA200Stream_IsAnsweredByTheFallback([Values] bool streaming) =>
        Check(streaming, AnswerScript.Text(Sixty).ErrorContentAfter(0), 0, FailureClass.Protocol);

    [Test]
    public void LiteLlm28216_SocketTimesOutBeforeTheFirstChunk_IsAnsweredByTheFallback([Values] bool streaming)
    {
        Scene scene = Check(streaming, AnswerScript.Hang(), 0, FailureClass.Timeout);
        Assert.That(scene.Time.Elapsed, Is.EqualTo(TimeSpan.FromSeconds(1)));
    }

    [Test]
    public void LiteLlm28215_SocketTimesOutAfterSomeChunks_IsATypedErrorWithWhatCame([Values] bool streaming) =>
        Check(streaming, AnswerScript.Text(Sixty).HangAfter(9), 9, FailureClass.Timeout);

    [Test]
    public void LiteLlm26067_ARefusalThatSurfacesOnlyWhenTheStreamIsRead_IsAnsweredByTheFallback([Values] bool streaming) =>
        Check(streaming, AnswerScript.RateLimited(TimeSpan.FromSeconds(2)), 0, FailureClass.RateLimited);

    [Test]
    public void LiteLlm38606_AnErrorRaisedInMidStream_IsNoEmptySuccess([Values] bool streaming) =>
        Check(streaming, AnswerScript.Text(Sixty).FailAfter(3), 3, FailureClass.Transport);

    [Test]
    public void LiteLlm38153_OfAMemberThatDiedAfterItsRole_NothingReachesTheCaller([Values] bool streaming)
    {
        Scene scene = new(null, AnswerScript.Text(Sixty).RoleFirst().FailAfter(0), Scene.Good);
        ChatResponse response = scene.Ask(streaming);
        using ScriptedMember alone = new ScriptedMember("b", scene.Time).Always(Scene.Good);
        ChatResponse good = scene.Time.Run(() => alone.AskAsync(streaming));
        Assert.Multiple(() =>
        {
            Assert.That(response.Messages, Has.Count.EqualTo(1));
            Assert.That(response.Text, Is.EqualTo(good.Text));
            Assert.That((response.ResponseId, response.ModelId), Is.EqualTo((good.ResponseId, good.ModelId)));
        });
        scene.AssertNothingIsLeftBehind();
    }

    [Test]
    public void LiteLlm19077_WhoForbidsFallbacks_GetsNoneInMidStreamEither([Values] bool streaming, [Values(0, 3)] int after)
    {
        Scene scene = new(new RouterOptions { MaxAttempts = 1, ContinueInterrupted = true }, AnswerScript.Text(Sixty).FailAfter(after), Scene.Good);
        Assert.Catch<EnsembleException>(() => scene.Ask(streaming));
        Assert.That(scene.Members[1], CountersAre.Untouched);
        scene.AssertNothingIsLeftBehind();
    }

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
