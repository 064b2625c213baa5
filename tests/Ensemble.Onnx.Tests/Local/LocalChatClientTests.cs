using Microsoft.Extensions.AI;

namespace Ensemble.Onnx.Tests.Local;

internal sealed class LocalChatClientTests
{
    // Its smallest gap is 1.5 nats on every processor tried.
    private const string Korea = "What is the capital of South Korea?";
    private const string KoreaAnswer = "The capital of South Korea is Seoul.";

    [Test]
    public async Task TheShippedModel_KnowsTheCapitalOfKorea([Values] bool streaming)
    {
        ChatResponse response = await Ask(SharedSmolLM2.Client, Korea, null, streaming);
        Assert.That(response.Text, Is.EqualTo(KoreaAnswer));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
        Assert.That(response.ModelId, Is.EqualTo("smollm2-135m-instruct"));
        Assert.That(response.Messages, Has.Count.EqualTo(1));
        Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(9));
        Assert.That(response.Usage.TotalTokenCount, Is.EqualTo(response.Usage.InputTokenCount + 9));
    }

    [Test]
    public async Task AStopSequenceAcrossTokens_EndsTheAnswerBeforeIt([Values] bool streaming)
    {
        ChatResponse response = await Ask(SharedSmolLM2.Client, Korea, new ChatOptions { StopSequences = ["h Korea is S"] }, streaming);
        Assert.That(response.Text, Is.EqualTo("The capital of Sout"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Stop));
    }

    [Test]
    public async Task TheOutputLimit_EndsTheAnswerWithLength([Values] bool streaming)
    {
        ChatResponse response = await Ask(SharedSmolLM2.Client, Korea, new ChatOptions { MaxOutputTokens = 3 }, streaming);
        Assert.That(response.Text, Is.EqualTo("The capital of"));
        Assert.That(response.FinishReason, Is.EqualTo(ChatFinishReason.Length));
        Assert.That(response.Usage!.OutputTokenCount, Is.EqualTo(3));
    }

    [Test]
    public async Task LogProbabilities_ComeForEveryToken([Values] bool streaming)
    {
        ChatResponse response = await Ask(SharedSmolLM2.Client, Korea, new ChatOptions().WithLogProbabilities(3), streaming);
        IReadOnlyList<TokenLogProbability> tokens = response.GetLogProbabilities()!;
        Assert.That(string.Concat(tokens.Select(token => token.Token)), Is.EqualTo(KoreaAnswer));
        Assert.That(tokens.Select(token => token.LogProbability), Is.All.LessThanOrEqualTo(0));
        foreach (TokenLogProbability token in tokens)
        {
            Assert.That(token.Top, Has.Count.EqualTo(3));
            Assert.That(token.Top[0].Id, Is.EqualTo(token.Id));
            Assert.That(token.Top[0].LogProbability, Is.EqualTo(token.LogProbability));
            Assert.That(token.Top.Select(top => top.LogProbability), Is.Ordered.Descending);
        }
    }

    [Test]
    public async Task LogProbabilities_ThatNobodyAskedFor_AreNotReported() =>
        Assert.That((await SharedSmolLM2.Client.GetResponseAsync(Korea)).GetLogProbabilities(), Is.Null);

    [Test]
    public async Task WithoutTemplate_TheMessagesAreContinuedAsTheyAre()
    {
        using LocalChatClient client = new(new LocalModelOptions { Model = Ensemble.Models.SmolLM2.Name, Template = LocalTemplate.None });
        ChatMessage[] messages = [new(ChatRole.System, "The capital of Japan is Tokyo. "), new(ChatRole.User, "The capital of South Korea is")];
        ChatResponse response = await client.GetResponseAsync(messages, new ChatOptions { MaxOutputTokens = 1 });
        Assert.That(response.Text, Is.EqualTo(" Seoul"));
        Assert.That(response.Usage!.InputTokenCount, Is.EqualTo(13));
    }

    [Test]
    public async Task TheCallersThread_NeverComputes()
    {
        Task<ChatResponse> response;
        using ManualResetEventSlim released = new();
        Task<int> blocker = SharedSmolLM2.OnModelThread(_ =>
        {
            released.Wait();
            return 0;
        });
        response = SharedSmolLM2.Client.GetResponseAsync(Korea);
        Assert.That(response.IsCompleted, Is.False);
        released.Set();
        await blocker;
        Assert.That((await response).Text, Is.EqualTo(KoreaAnswer));
    }

    [Test]
    public void Services_AreFound()
    {
        LocalChatClient client = SharedSmolLM2.Client;
        Assert.That(client.GetService<IContinuationScorer>(), Is.Not.Null);
        Assert.That(client.GetService<ChatClientMetadata>()!.DefaultModelId, Is.EqualTo("smollm2-135m-instruct"));
        Assert.That(client.GetService<Microsoft.ML.OnnxRuntimeGenAI.Model>(), Is.SameAs(SharedSmolLM2.Model.Model));
        Assert.That(client.GetService<LocalChatClient>(), Is.SameAs(client));
        Assert.That(client.GetService<LocalChatClient>("key"), Is.Null);
    }

    [Test]
    public void Disposed_ItRefuses_AndOthersOfTheSameModelGoOn()
    {
        LocalChatClient client = TinyModel.Client(TinyModel.Llama);
        using LocalChatClient other = TinyModel.Client(TinyModel.Llama);
        client.Dispose();
        client.Dispose();
        Assert.That(async () => await client.GetResponseAsync("Hi"), Throws.TypeOf<ObjectDisposedException>());
        Assert.That(async () => await other.GetResponseAsync("Hi"), Throws.Nothing);
    }

    internal static async Task<ChatResponse> Ask(IChatClient client, string prompt, ChatOptions? options, bool streaming, CancellationToken cancellationToken = default) =>
        streaming
            ? await client.GetStreamingResponseAsync(prompt, options, cancellationToken).ToChatResponseAsync(cancellationToken)
            : await client.GetResponseAsync(prompt, options, cancellationToken);
}
