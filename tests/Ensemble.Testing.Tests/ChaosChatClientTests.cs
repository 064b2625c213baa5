using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing.Tests;

public class ChaosChatClientTests
{
    private static readonly ChaosOptions Some = new() { Error = 0.1, RateLimit = 0.1, Delay = 0.2, Break = 0.1, Cut = 0.1 };

    [Test]
    public void TheSameSeed_StrikesTheSameCalls([Values] bool streaming) =>
        Gen.Int.Sample(seed => Run(seed, 40, streaming).SequenceEqual(Run(seed, 40, streaming)), iter: 20);

    [Test]
    public void Faults_StrikeAboutAsOftenAsAsked()
    {
        VirtualTime time = new();
        using ChaosChatClient chaos = new(new ScriptedMember("mini", time).Always(AnswerScript.Text("a", "b")), Some, seed: 7, time);
        time.Run(async () =>
        {
            for (int i = 0; i < 4000; i++)
            {
                await Try(chaos, streaming: false);
            }
        });

        Assert.That(chaos.Count(ChaosFault.Error), Is.InRange(300, 500));
        Assert.That(chaos.Count(ChaosFault.Delay), Is.InRange(650, 950));
        Assert.That(chaos.Count(ChaosFault.Hang), Is.Zero);
        Assert.That(Enum.GetValues<ChaosFault>().Sum(chaos.Count), Is.EqualTo(4000));
        Assert.That(time.Elapsed, Is.GreaterThan(TimeSpan.FromMinutes(30)), "the delays passed in virtual time");
    }

    [Test]
    public void WhatStrikesACall_SaysNothingAboutTheNext()
    {
        string struck = string.Concat(Run(seed: 7, 4000, streaming: false).Select(one => one.StartsWith("abc", StringComparison.Ordinal) ? '.' : 'x'));
        int faults = struck.Count('x');
        int pairs = Enumerable.Range(0, struck.Length - 1).Count(i => struck[i] == 'x' && struck[i + 1] == 'x');
        double expected = (double)faults * faults / struck.Length;
        Assert.That(pairs, Is.InRange(0.8 * expected, 1.2 * expected));
        Assert.That(struck, Does.Contain("xxxxx"), "bursts come by chance too");
    }

    [Test]
    public async Task ACutAnswer_HasNoFinishReasonHoweverShort([Values] bool streaming)
    {
        using ChaosChatClient chaos = new(new ScriptedMember("mini").Always(AnswerScript.Text("word")), new ChaosOptions { Cut = 1 }, seed: 1);
        for (int i = 0; i < 30; i++)
        {
            ChatResponse response = streaming ? await chaos.GetStreamingResponseAsync("hi").ToChatResponseAsync() : await chaos.GetResponseAsync("hi");
            Assert.That(response.FinishReason, Is.Null);
        }
    }

    [Test]
    public void ProbabilitiesAboveOne_AreRefused() =>
        Assert.That(() => new ChaosChatClient(new ScriptedMember("mini"), new ChaosOptions { Error = 0.7, Cut = 0.7 }, seed: 1), Throws.InstanceOf<ArgumentOutOfRangeException>());

    private static List<string> Run(int seed, int calls, bool streaming)
    {
        VirtualTime time = new();
        using ChaosChatClient chaos = new(new ScriptedMember("mini", time).Always(AnswerScript.Text("a", "b", "c")), Some, seed, time);
        return time.Run(async () =>
        {
            List<string> seen = [];
            for (int i = 0; i < calls; i++)
            {
                seen.Add(await Try(chaos, streaming));
            }

            return seen;
        });
    }

    private static async Task<string> Try(ChaosChatClient chaos, bool streaming)
    {
        try
        {
            ChatResponse response = streaming
                ? await chaos.GetStreamingResponseAsync("hi").ToChatResponseAsync()
                : await chaos.GetResponseAsync("hi");
            return $"{response.Text} {response.FinishReason}";
        }
        catch (Exception error) when (error is ModelHttpException or HttpRequestException)
        {
            return error.Message;
        }
    }
}
