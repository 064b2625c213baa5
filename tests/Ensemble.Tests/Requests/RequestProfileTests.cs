using System.Text;
using CsCheck;
using Ensemble.Tokenization;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Requests;

internal sealed class RequestProfileTests
{
    [Test]
    public void InputTokens_WithAPublicEncoding_AreCounted_AndOtherwiseBoundedByBytes()
    {
        const string Text = "Wie spät ist es in 서울?";
        RequestProfile profile = Of(Text);
        Assert.That(profile.GetInputTokens("o200k_base"), Is.EqualTo(TokenEncoding.O200kBase.Count(Text) + 32));
        Assert.That(profile.GetInputTokens("cl100k_base"), Is.EqualTo(TokenEncoding.Cl100kBase.Count(Text) + 32));
        Assert.That(profile.GetInputTokens(null), Is.EqualTo(Encoding.UTF8.GetByteCount(Text) + 32));
        Assert.That(profile.GetInputTokens("claude"), Is.EqualTo(profile.GetInputTokens(null)));
    }

    [Test]
    public void InputTokens_OfAnyText_AreNeverMoreThanItsBytes() =>
        Gen.String.Sample(text => Of(text).GetInputTokens("o200k_base") <= Of(text).GetInputTokens(null));

    [Test]
    public void InputTokens_CountInstructionsToolsAndSchema()
    {
        long bare = Of("x").GetInputTokens(null);
        Assert.That(Of("x", new ChatOptions { Instructions = "Be brief." }).GetInputTokens(null), Is.EqualTo(bare + 9));
        Assert.That(Of("x", new ChatOptions { Tools = [AIFunctionFactory.Create((int a) => a, "twice", "Doubles.")] }).GetInputTokens(null), Is.GreaterThan(bare + 20));
        Assert.That(Of("x", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<int[]>() }).GetInputTokens(null), Is.GreaterThan(bare + 10));
    }

    [Test]
    public void Needs_AreReadFromOptionsAndContents()
    {
        Assert.That(Of("x").NeededCapabilities, Is.EqualTo(ModelCapabilities.None));
        Assert.That(Of("x", new ChatOptions { Tools = [AIFunctionFactory.Create(() => 1, "one")] }).NeededCapabilities, Is.EqualTo(ModelCapabilities.Tools));
        Assert.That(Of("x", new ChatOptions { ResponseFormat = ChatResponseFormat.ForJsonSchema<int[]>() }).NeededCapabilities, Is.EqualTo(ModelCapabilities.JsonSchema));
        Assert.That(Of("x", new ChatOptions { ResponseFormat = ChatResponseFormat.Json }).NeededCapabilities, Is.EqualTo(ModelCapabilities.None));
        Assert.That(Of("x", new ChatOptions().WithLogProbabilities()).NeededCapabilities, Is.EqualTo(ModelCapabilities.LogProbabilities));
        Assert.That(Of("x", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.High } }).NeededCapabilities, Is.EqualTo(ModelCapabilities.Reasoning));
        Assert.That(Of("x", new ChatOptions { Reasoning = new ReasoningOptions { Effort = ReasoningEffort.None } }).NeededCapabilities, Is.EqualTo(ModelCapabilities.None));
    }

    [TestCase("image/png", ModelCapabilities.Vision)]
    [TestCase("audio/wav", ModelCapabilities.AudioInput)]
    [TestCase("application/pdf", ModelCapabilities.Documents)]
    public void Needs_OfMedia_FollowTheirType(string media, ModelCapabilities expected)
    {
        RequestProfile profile = new([new ChatMessage(ChatRole.User, [new DataContent(new byte[] { 1 }, media)])]);
        Assert.That(profile.NeededCapabilities, Is.EqualTo(expected));
        Assert.That(profile.ImageCount, Is.EqualTo(expected == ModelCapabilities.Vision ? 1 : 0));
    }

    [Test]
    public void NothingIsComputed_ThatNoRuleAsksFor()
    {
        int calls = 0;
        RequestProfile profile = new([new ChatMessage(ChatRole.User, "x")], detector: _ =>
        {
            calls++;
            return SensitiveData.None;
        });
        Selection.Choosing.Decide([Selection.Choosing.Member("m")], profile: profile);
        Assert.That(calls, Is.Zero);
        Selection.Choosing.Decide([Selection.Choosing.Member("m")], new Requirements { KeepLocal = SensitiveData.Email }, profile);
        Selection.Choosing.Decide([Selection.Choosing.Member("m")], new Requirements { KeepLocal = SensitiveData.Email }, profile);
        Assert.That(calls, Is.EqualTo(1));
    }

    [TestCase("What is the capital of France, and how far is it from here?", "en")]
    [TestCase("Translate this for me", "en")]
    [TestCase("대한민국의 수도는 어디입니까?", "ko")]
    [TestCase("Azure OpenAI 서비스의 가격을 알려 주세요", "ko")]
    [TestCase("日本の首都はどこですか", "ja")]
    [TestCase("中国的首都是哪里", "zh")]
    [TestCase("Какая столица России?", "ru")]
    [TestCase("Яка столиця України, і чому її люблять?", "uk")]
    [TestCase("Was ist die Hauptstadt von Deutschland und wie komme ich dahin?", "de")]
    [TestCase("Quelle est la capitale de la France et comment y aller ?", "fr")]
    [TestCase("¿Cuál es la capital de España y por qué es tan grande?", "es")]
    [TestCase("mail ada@example.com or www.example.com", null)]
    [TestCase("Qual é a capital de Portugal e por que não é o Porto?", "pt")]
    [TestCase("Qual è la capitale dell'Italia e come ci arrivo con il treno?", "it")]
    [TestCase("Wat is de hoofdstad van Nederland en hoe kom ik daar met het openbaar vervoer?", "nl")]
    [TestCase("ما هي عاصمة مصر؟", "ar")]
    [TestCase("Ποια είναι η πρωτεύουσα;", "el")]
    [TestCase("12345 !?", null)]
    [TestCase("", null)]
    [TestCase("GPT-5", null)]
    [TestCase("Write to Ada", null)]
    [TestCase("Please send it to ada@example.com", "en")]
    public void Language_IsToldByScriptAndLittleWords_OrNotAtAll(string text, string? expected) => Assert.That(Of(text).Language, Is.EqualTo(expected));

    [Test]
    public void Language_IsThatOfTheUsersLastMessage()
    {
        RequestProfile profile = new(
        [
            new ChatMessage(ChatRole.System, "You are a helpful assistant that answers what the user asks."),
            new ChatMessage(ChatRole.User, "이것은 무엇입니까?"),
            new ChatMessage(ChatRole.Assistant, "It is a pen that you can write with."),
        ]);
        Assert.That(profile.Language, Is.EqualTo("ko"));
    }

    private static RequestProfile Of(string text, ChatOptions? options = null) => new([new ChatMessage(ChatRole.User, text)], options);
}
