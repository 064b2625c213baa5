using System.Text;
using CsCheck;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests;

public class CostBoundsTests
{
    private static readonly Gen<decimal> Rate = Gen.Int[0, 100_000].Select(cents => cents / 100m);

    private static readonly Gen<Price> AnyPrice = Gen.Select(Rate, Rate, Rate.Nullable(), Rate.Nullable(), Rate.Nullable(), Gen.Select(Gen.Long[0, 2000], Rate, Rate, Rate.Nullable()).Array[0, 2])
        .Select((input, output, cached, written, reasoning, tiers) => new Price
        {
            InputPerMillion = input,
            OutputPerMillion = output,
            CachedInputPerMillion = cached,
            CacheWritePerMillion = written,
            ReasoningPerMillion = reasoning,
            Tiers = [.. tiers.Select(tier => new PriceTier { AboveInputTokens = tier.Item1, InputPerMillion = tier.Item2, OutputPerMillion = tier.Item3, CacheWritePerMillion = tier.Item4 })],
        });

    [Test]
    public void NoUsageWithinTheBounds_CostsMoreThanTheBound() =>
        Gen.Select(AnyPrice, Gen.Long[0, 3000], Gen.Long[0, 3000], Gen.Double[0, 1].Array[5]).Sample((price, input, output, part) =>
        {
            long usedInput = (long)(input * part[0]);
            long usedOutput = (long)(output * part[1]);
            long cached = (long)(usedInput * part[2]);
            long written = (long)((usedInput - cached) * part[3]);
            decimal cost = price.CostUsd(usedInput, usedOutput, cached, written, (long)(usedOutput * part[4]))!.Value;
            return cost <= CostBounds.UpperUsd(price, input, output);
        });

    [Test]
    public void TheAffordableLimit_IsTheLargestThatTheAmountPays() =>
        Gen.Select(AnyPrice, Gen.Long[0, 3000], Rate).Where(one => one.Item1.OutputPerMillion > 0).Sample((price, input, cents) =>
        {
            decimal usd = cents / 1000m;
            long limit = CostBounds.AffordableOutputTokens(price, input, usd)!.Value;
            return limit == 0
                ? CostBounds.UpperUsd(price, input, 1) > usd
                : CostBounds.UpperUsd(price, input, limit) <= usd && CostBounds.UpperUsd(price, input, limit + 1) > usd;
        });

    [Test]
    public void AnUnknownPrice_HasNoBound()
    {
        Assert.That(CostBounds.UpperUsd(Price.Unknown, 1, 1), Is.Null);
        Assert.That(CostBounds.AffordableOutputTokens(Price.Unknown, 1, 1), Is.Null);
        Assert.That(CostBounds.UpperUsd(Price.Local, 1000, 1000), Is.Zero);
        Assert.That(CostBounds.AffordableOutputTokens(Price.Local, 1, 0), Is.EqualTo(long.MaxValue));
    }

    [Test]
    public void ThePromptsBound_CountsBytesOfAllThatIsSent()
    {
        AIFunction tool = AIFunctionFactory.Create((string city) => city, "weather", "Says how it is.");
        ChatMessage[] messages =
        [
            new(ChatRole.User, [new TextContent("안녕"), new DataContent(new byte[] { 1 }, "image/png")]),
            new(ChatRole.Tool, [new FunctionResultContent("c1", "sunny")]),
        ];
        long bound = CostBounds.UpperInputTokens(messages, new ChatOptions { Tools = [tool], Instructions = "Be brief." }, tokensPerImage: 500);
        long expected = 16 + 6 + 500 + 16 + 2 + 7 + 16 + 9 + 16 + 7 + 15 + Encoding.UTF8.GetByteCount(tool.JsonSchema.GetRawText());
        Assert.That(bound, Is.EqualTo(expected));
    }

    [Test]
    public void NanoDollars_RoundDebtsUpAndCapsDown()
    {
        Assert.That(NanoUsd.FromUsd(0.0000000001m), Is.EqualTo(1));
        Assert.That(NanoUsd.CapFromUsd(0.0000000019m), Is.EqualTo(1));
        Assert.That(NanoUsd.ToUsd(NanoUsd.FromUsd(12.345678901m)), Is.EqualTo(12.345678901m));
        Assert.That(NanoUsd.FromUsd(decimal.MaxValue), Is.GreaterThan(NanoUsd.CapFromUsd(decimal.MaxValue)));
        Assert.That(() => NanoUsd.FromUsd(-1m), Throws.InstanceOf<ArgumentOutOfRangeException>());
    }
}
