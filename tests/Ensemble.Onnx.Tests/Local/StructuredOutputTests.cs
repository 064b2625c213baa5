using System.Text.Json;
using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class StructuredOutputTests
{
    private const string Person = """
        {"type":"object","properties":{"name":{"type":"string","maxLength":12},"age":{"type":"integer","minimum":0,"maximum":150}},
         "required":["name","age"],"additionalProperties":false}
        """;

    private enum Mood
    {
        Positive,
        Negative,
    }

    [Test]
    public async Task ASchema_CannotBeBroken([Values] bool streaming)
    {
        ChatResponse response = await LocalChatClientTests.Ask(SharedSmolLM2.Client, "Ann is 30 years old. Return JSON.", Constrained(Person, 0), streaming);
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(IsPerson(response.Text), response.Text);
        Assert.That(response.Usage!.OutputTokenCount, Is.InRange(5, 100));
    }

    [Test]
    public async Task EvenARandomModel_KeepsTheSchema([Values(TinyModel.Llama, TinyModel.Qwen, TinyModel.QwenHalf)] string name)
    {
        using LocalChatClient client = TinyModel.Client(name, maxOutputTokens: 200);
        for (int seed = 0; seed < 20; seed++)
        {
            ChatResponse response = await client.GetResponseAsync("How many boats?", Constrained("""{"type":"object","properties":{"lit":{"type":"boolean"},"boats":{"enum":[1,2,3]}},"required":["lit","boats"],"additionalProperties":false}""", seed));
            if (response.FinishReason == ChatFinishReason.Stop)
            {
                JsonElement root = JsonDocument.Parse(response.Text).RootElement;
                Assert.That(root.GetProperty("lit").ValueKind, Is.EqualTo(JsonValueKind.True).Or.EqualTo(JsonValueKind.False));
                Assert.That(root.GetProperty("boats").GetInt32(), Is.InRange(1, 3));
            }
            else
            {
                // Nonsense may be white space up to the limit; it says so.
                Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
            }
        }
    }

    [Test]
    public async Task AnEnum_IsAnsweredByScoring([Values] bool streaming)
    {
        ChatOptions options = new ChatOptions { ResponseFormat = Format("""{"type":"string","enum":["Tokyo","Seoul","Paris"]}""") }.WithLogProbabilities();
        ChatResponse response = await LocalChatClientTests.Ask(SharedSmolLM2.Client, "What is the capital of South Korea? Answer with the name of the city alone.", options, streaming);
        Assert.That(response.Text, Is.EqualTo("\"Seoul\""));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(string.Concat(response.GetLogProbabilities()!.Select(token => token.Token)), Is.EqualTo("Seoul"));
    }

    [Test]
    public async Task TheScores_OfAllChoices_AreTheRawRepresentation()
    {
        ChatResponse response = await SharedSmolLM2.Client.GetResponseAsync("Is Seoul in Korea?", new ChatOptions { ResponseFormat = Format("""{"enum":["yes","no"]}""") });
        ContinuationScores scores = (ContinuationScores)response.RawRepresentation!;
        Assert.That(scores.Scores.Select(score => score.Text), Is.EqualTo(new[] { "yes", "no" }));
        Assert.That(response.Text, Is.EqualTo($"\"{scores.Best.Text}\""));
    }

    [TestCase("""{"type":"object","properties":{"a":{"enum":["x","y"]}},"required":["a","b"]}""")]
    [TestCase("""{"type":"object","properties":{"a":{"enum":["x","y"]}},"minProperties":2}""")]
    [TestCase("""{"type":"integer","enum":["x","y"]}""")]
    [TestCase("""{"enum":["x","yes"],"minLength":2}""")]
    [TestCase("""{"type":3,"enum":["x","y"]}""")]
    public void AnEnumThatSaysMore_IsNotAnsweredByScoring(string schema)
    {
        AnswerFormat format = AnswerFormat.Read(Format(schema));
        Assert.That(format.Choices, Is.Null);
        Assert.That(format.Schema, Is.EqualTo(schema));
    }

    [Test]
    public void ThePassOverAPrompt_IsTerminatedByACancellation()
    {
        LoadedModel model = SharedSmolLM2.Model;
        GenerationRequest request = ChatOptionsReader.Read(
            [new ChatMessage(ChatRole.User, "How old is Ann?")], Constrained(Person, 0), new LocalModelOptions { Model = Ensemble.Models.SmolLM2.Name }, model.Config);
        CancellationToken cancelled = new(canceled: true);
        OperationCanceledException error = Assert.Catch<OperationCanceledException>(() => ModelSession.Generate(model, request, new AnswerCollector(), cancelled))!;
        Assert.That(error.CancellationToken, Is.EqualTo(cancelled));
        Assert.That(error.InnerException, Is.InstanceOf<OnnxRuntimeGenAIException>(), "the runtime itself has left the pass");
        Assert.That(ModelSession.Generate(model, request, new AnswerCollector(), CancellationToken.None).FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task AnEnumOfTheProgram_IsAnsweredByScoring()
    {
        ChatResponse<Mood> response = await SharedSmolLM2.Client.GetResponseAsync<Mood>("I love it. Positive or negative?");
        Assert.That(response.RawRepresentation, Is.InstanceOf<ContinuationScores>());
        Assert.That(Enum.IsDefined(response.Result));
    }

    [Test]
    public async Task ACompletion_ScoresChoicesAsWords()
    {
        using LocalChatClient client = new(new LocalModelOptions { Model = Ensemble.Models.SmolLM2.Name, Template = LocalTemplate.None });
        ChatResponse response = await client.GetResponseAsync("The capital of South Korea is", new ChatOptions { ResponseFormat = Format("""{"enum":["Tokyo","Seoul"]}""") }.WithLogProbabilities());
        Assert.That(response.Text, Is.EqualTo("\"Seoul\""));
        Assert.That(response.GetLogProbabilities()![0].Token, Is.EqualTo(" Seoul"));
    }

    [Test]
    public async Task AChoiceThatBeginsAnother_DoesNotAlwaysWin()
    {
        using LocalChatClient client = new(new LocalModelOptions { Model = Ensemble.Models.SmolLM2.Name });
        ChatOptions options = new() { ResponseFormat = Format("""{"enum":["The","The capital of South Korea is Seoul."]}""") };
        ChatResponse response = await client.GetResponseAsync("What is the capital of South Korea?", options);
        Assert.That(response.Text, Is.EqualTo("\"The capital of South Korea is Seoul.\""));
    }

    [Test]
    public async Task WithATemperature_ChoicesAreDrawnByTheSeed()
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        HashSet<string> answers = [];
        for (int seed = 0; seed < 40; seed++)
        {
            ChatOptions options = new() { Temperature = 50, Seed = seed, ResponseFormat = Format("""{"enum":["boat","lamp"]}""") };
            string answer = (await client.GetResponseAsync("Which?", options)).Text;
            Assert.That((await client.GetResponseAsync("Which?", options)).Text, Is.EqualTo(answer));
            answers.Add(answer);
        }

        Assert.That(answers, Is.EquivalentTo(new[] { "\"boat\"", "\"lamp\"" }));
    }

    [TestCase("TopK")]
    [TestCase("TopP")]
    [TestCase("min_p")]
    public async Task EverySamplingOption_ChoosesAmongTheChoices(string option)
    {
        using LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        HashSet<string> free = [], narrowed = [];
        string best = "";
        for (int seed = 0; seed < 40; seed++)
        {
            ChatOptions options = new() { Temperature = 50, Seed = seed, ResponseFormat = Format("""{"enum":["boat","lamp"]}""") };
            ChatResponse response = await client.GetResponseAsync("Which?", options);
            best = $"\"{((ContinuationScores)response.RawRepresentation!).Best.Text}\"";
            free.Add(response.Text);
            options.TopK = option == "TopK" ? 1 : null;
            options.TopP = option == "TopP" ? 0.01f : null;
            options.AdditionalProperties = option == "min_p" ? new() { [LocalChatOptions.MinP] = 1f } : null;
            narrowed.Add((await client.GetResponseAsync("Which?", options)).Text);
        }

        Assert.That(free, Has.Count.EqualTo(2));
        Assert.That(narrowed, Is.EqualTo(new[] { best }));
    }

    [Test]
    public async Task AChoice_IsNeverCut()
    {
        ChatOptions options = new() { MaxOutputTokens = 1, ResponseFormat = Format("""{"enum":["The capital is Seoul.","The capital is Tokyo."]}""") };
        ChatResponse response = await SharedSmolLM2.Client.GetResponseAsync("What is the capital of South Korea?", options);
        Assert.That((response.Text, response.FinishReason), Is.EqualTo(("\"The capital is Seoul.\"", (ChatFinishReason?)ChatFinishReason.Stop)));
    }

    [Test]
    public async Task APanelOfChoices_PassesTheCallersOptionsOn_AndNamesTheOneThatIsRefused([Values] bool streaming)
    {
        PanelChatClient panel = new(
            "jury", [new Member("a", SharedSmolLM2.Client), new Member("b", SharedSmolLM2.Client)], new PanelOptions { Choices = ["Tokyo", "Seoul"] });
        const string question = "What is the capital of South Korea? Answer with the name of the city alone.";
        ChatOptions options = new() { Temperature = 0.1f, TopK = 1, TopP = 0.9f, Seed = 3, MaxOutputTokens = 1 };
        Assert.That((await Ask(options)).Text, Is.EqualTo("Seoul"));
        options.FrequencyPenalty = 1;
        Assert.That(() => Ask(options), Throws.TypeOf<UnsupportedOptionException>().With.Message.Contains("FrequencyPenalty"));

        async Task<ChatResponse> Ask(ChatOptions asked) => streaming
            ? await panel.GetStreamingResponseAsync(question, asked).ToChatResponseAsync()
            : await panel.GetResponseAsync(question, asked);
    }

    private static ChatOptions Constrained(string schema, int seed) =>
        new() { ResponseFormat = Format(schema), MaxOutputTokens = 100, Temperature = seed == 0 ? 0 : 1, Seed = seed };

    private static ChatResponseFormatJson Format(string schema) => ChatResponseFormat.ForJsonSchema(JsonDocument.Parse(schema).RootElement);

    private static bool IsPerson(string json)
    {
        JsonElement root = JsonDocument.Parse(json).RootElement;
        return root.EnumerateObject().Count() == 2 && root.GetProperty("name").GetString()!.Length <= 12 && root.GetProperty("age").GetInt32() is >= 0 and <= 150;
    }
}
