namespace Ensemble.Tokenization.Tests;

/// <summary>Which encoding the name of a model means.</summary>
internal sealed class ModelEncodingTests
{
    [TestCase("gpt-5")]
    [TestCase("gpt-5-mini")]
    [TestCase("gpt-5.1-codex")]
    [TestCase("GPT-5-Nano")]
    [TestCase("gpt-4.1-nano-2025-04-14")]
    [TestCase("gpt-4.5-preview")]
    [TestCase("gpt-4o")]
    [TestCase("gpt-4o-mini-2024-07-18")]
    [TestCase("chatgpt-4o-latest")]
    [TestCase("o1")]
    [TestCase("o3-mini")]
    [TestCase("o4-mini-2025-04-16")]
    [TestCase("openai/gpt-5-mini")]
    [TestCase("openrouter/openai/gpt-4o")]
    [TestCase("ft:gpt-4o-mini-2024-07-18:my-company::abc123")]
    public void ForModel_ModelOfO200kBase_IsKnown(string model) => Assert.That(TokenEncoding.ForModel(model), Is.SameAs(TokenEncoding.O200kBase));

    [TestCase("gpt-4")]
    [TestCase("gpt-4-turbo-2024-04-09")]
    [TestCase("gpt-4-0613")]
    [TestCase("gpt-3.5-turbo-0125")]
    [TestCase("gpt-35-turbo")]
    [TestCase("text-embedding-3-small")]
    [TestCase("text-embedding-ada-002")]
    [TestCase("ft:gpt-3.5-turbo:my-company")]
    public void ForModel_ModelOfCl100kBase_IsKnown(string model) => Assert.That(TokenEncoding.ForModel(model), Is.SameAs(TokenEncoding.Cl100kBase));

    [TestCase("")]
    [TestCase("gpt-50")]
    [TestCase("gpt-6")]
    [TestCase("gpt-5-")]
    [TestCase("gpt-4omni")]
    [TestCase("gpt-4.6")]
    [TestCase("gpt-4.2-turbo")]
    [TestCase("o3.5")]
    [TestCase("gpt-5.")]
    [TestCase("o10")]
    [TestCase("claude-sonnet-4-5")]
    [TestCase("azure/gpt-4o")]
    [TestCase("someone/gpt-4")]
    [TestCase("my-gpt-4")]
    [TestCase("openai/")]
    public void ForModel_UnknownName_SaysSoAndWhatToDo(string model)
    {
        Assert.That(TokenEncoding.TryForModel(model, out _), Is.False);
        Assert.That(
            () => TokenEncoding.ForModel(model),
            Throws.ArgumentException.With.Message.Contains($"'{model}'").And.Message.Contains("o200k_base").And.Message.Contains("FromHuggingFace"));
    }

    [Test]
    public void ForName_KnownNames_AreTheEncodings()
    {
        Assert.That(TokenEncoding.ForName("cl100k_base"), Is.SameAs(TokenEncoding.Cl100kBase));
        Assert.That(TokenEncoding.ForName("o200k_harmony"), Is.SameAs(TokenEncoding.O200kHarmony));
        Assert.That(() => TokenEncoding.ForName("p50k_base"), Throws.ArgumentException.With.Message.Contains("p50k_base"));
    }

    [Test]
    public void Harmony_ChatFormat_HasTheTokensOfItsFormatAndCountsTextAsO200k()
    {
        TokenEncoding harmony = TokenEncoding.ForModel("gpt-oss-20b");

        Assert.That(harmony.Encode("<|start|>user<|message|>Hi<|end|>", SpecialTokens.AsTokens), Is.EqualTo((int[])[200006, 1428, 200008, 12194, 200007]));
        Assert.That(harmony.Decode([200002, 200013, 200018]), Is.EqualTo("<|return|><|reserved_200013|><|endofprompt|>"));
        Assert.That(harmony.Encode("Any <|start|> text"), Is.EqualTo(TokenEncoding.O200kBase.Encode("Any <|start|> text")));
    }
}
