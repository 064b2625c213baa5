using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>The text classifier on the shipped model gives the same bits alone and among other requests to that model.</summary>
internal sealed class ClassifierConcurrencyTests
{
    private static readonly BaggingData Data = BaggingData.FromExamples(
        [
            new("The waiter was kind and the soup was hot.", "good"), new("My room was clean and quiet.", "good"),
            new("We laughed the whole evening.", "good"), new("The trains were on time.", "good"),
            new("The soup was cold and so was the waiter.", "bad"), new("My room smelled of smoke.", "bad"),
            new("They lost my bag and did not care.", "bad"), new("The lift was broken all week.", "bad"),
            new("The garden was lovely.", "good"), new("They found my bag at once.", "good"),
            new("We were bored the whole evening.", "bad"), new("The trains were late again.", "bad"),
        ],
        bags: 3,
        textWord: "Review",
        labelWord: "Opinion");

    [Test]
    public async Task PredictAsync_AmongConcurrentRequests_GivesTheSameBitsAsAlone()
    {
        string[] texts = ["The bed was soft.", "The film was dull and long.", "They forgot our order twice."];
        TextClassifier sut = await TextClassifier.FitAsync(SharedSmolLM2.Client, null, Data, new TextClassifierOptions { StopsEarly = false });
        List<long[]> alone = [];
        foreach (string text in texts)
        {
            alone.Add(Bits(await sut.PredictAsync(text)));
        }

        Task<ChatResponse>[] others = [.. Enumerable.Range(0, 3).Select(i => SharedSmolLM2.Client.GetResponseAsync($"How many boats are {i} boats?", new ChatOptions { MaxOutputTokens = 8 }))];
        TextPrediction[] among = await Task.WhenAll(texts.Concat(texts).Select(text => sut.PredictAsync(text)));
        await Task.WhenAll(others);
        Assert.That(among.Select(Bits), Is.EqualTo(alone.Concat(alone)));
        Assert.That(alone.Distinct(EqualityComparer<long[]>.Create((a, b) => a.AsSpan().SequenceEqual(b), bits => bits.Length)).Count(), Is.EqualTo(texts.Length), "each text has numbers of its own");
    }

    private static long[] Bits(TextPrediction prediction) => [.. prediction.Probabilities.Append(prediction.Confidence).Select(BitConverter.DoubleToInt64Bits)];
}
