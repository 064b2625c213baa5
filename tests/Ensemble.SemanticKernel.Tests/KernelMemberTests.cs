using System.Net;
using System.Runtime.CompilerServices;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>A Kernel's chat service as a member of an ensemble.</summary>
public class KernelMemberTests
{
    [Test]
    public async Task Service_AnswersInARouter_WithUnknownUsageAndPrice([Values] bool streaming)
    {
        ConnectorFake service = new() { Pieces = [Text("Seo"), Text("ul.")] };
        RouterChatClient router = new("main", [new("service", service.AsEnsembleMember())]);
        ChatResponse response = await AskAsync(router, new ChatOptions { Temperature = 0.5f }, streaming);
        Receipt receipt = response.GetReceipt()!;
        Assert.That(response.Text, Is.EqualTo("Seoul."));
        Assert.That(response.FinishReason, Is.Null);
        Assert.That(receipt, ReceiptIs.AnsweredBy("service"));
        Assert.That((receipt.Attempts[0].UsageSource, receipt.InputTokens, receipt.CostUsd), Is.EqualTo((UsageSource.Unknown, (long?)null, (decimal?)null)));
        Assert.That(receipt.ToString(), Does.EndWith("price unknown"));
        Assert.That(service.Settings!.ExtensionData!["temperature"], Is.EqualTo(0.5f));
    }

    public static IEnumerable<TestCaseData> Metadata =>
    [
        Case("OpenAI's connector", "Length", OpenAI.Chat.OpenAIChatModelFactory.ChatTokenUsage(
            outputTokenCount: 7, inputTokenCount: 11, totalTokenCount: 18,
            outputTokenDetails: OpenAI.Chat.OpenAIChatModelFactory.ChatOutputTokenUsageDetails(reasoningTokenCount: 2),
            inputTokenDetails: OpenAI.Chat.OpenAIChatModelFactory.ChatInputTokenUsageDetails(cachedTokenCount: 4)), ChatFinishReason.Length, 2, 4),
        Case("A chat client of the platform", "stop", new UsageDetails { InputTokenCount = 11, OutputTokenCount = 7, CachedInputTokenCount = 4, ReasoningTokenCount = 2 }, ChatFinishReason.Stop, 2, 4),
        Case("Mistral's connector", "tool_calls", new MistralLikeUsage(11, 7), ChatFinishReason.ToolCalls, null, null),
    ];

    [TestCaseSource(nameof(Metadata))]
    public async Task Service_SaysUsageAndFinishReasonInItsMetadata_BothArriveAndAreBilled(Dictionary<string, object?> metadata, ChatFinishReason finish, int? reasoning, int? cached)
    {
        foreach (bool streaming in new[] { false, true })
        {
            ConnectorFake service = new() { Pieces = [Text("Seoul.")], Metadata = metadata };
            ServiceCollection services = new();
            services.AddKeyedSingleton<IChatCompletionService>("gpt", service);
            services.AddEnsemble().AddKernelService("hosted", "gpt", model => model.Price = new Price { InputPerMillion = 1, OutputPerMillion = 2 }).AddRouter("main", "hosted");
            await using ServiceProvider provider = services.BuildServiceProvider();

            ChatResponse response = await AskAsync(provider.GetRequiredKeyedService<IChatClient>("main"), null, streaming);

            Assert.That(response.FinishReason, Is.EqualTo(finish));
            Assert.That((response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount), Is.EqualTo(((long?)11, (long?)7)));
            Assert.That((response.Usage?.ReasoningTokenCount, response.Usage?.CachedInputTokenCount), Is.EqualTo(((long?)reasoning, (long?)cached)));
            Attempt attempt = response.GetReceipt()!.Attempts[0];
            Assert.That((attempt.UsageSource, attempt.InputTokens, attempt.OutputTokens, attempt.CostUsd), Is.EqualTo((UsageSource.Reported, (long?)11, (long?)7, (decimal?)0.000025m)));
        }
    }

    [Test]
    public async Task Service_RepeatsItsUsageOnEveryPiece_IsCountedOnce()
    {
        Dictionary<string, object?> metadata = new() { ["Usage"] = new UsageDetails { InputTokenCount = 11, OutputTokenCount = 7 }, ["FinishReason"] = "stop" };
        ConnectorFake service = new() { Pieces = [Text("Seo"), Text("ul"), Text(".")], Metadata = metadata, RepeatsMetadata = true };

        ChatResponse response = await AskAsync(service.AsEnsembleMember(), null, streaming: true);

        Assert.That((response.Text, response.Usage?.InputTokenCount, response.Usage?.OutputTokenCount), Is.EqualTo(("Seoul.", (long?)11, (long?)7)));
    }

    [TestCase("GEMINI_NEW_REASON")]
    [TestCase("")]
    [TestCase(null)]
    public async Task Service_SaysAFinishReasonThatNobodyKnows_ItStaysUnknown(string? reason)
    {
        ConnectorFake service = new() { Pieces = [Text("Seoul.")], Metadata = new Dictionary<string, object?> { ["FinishReason"] = reason, ["Usage"] = "eleven" } };

        ChatResponse response = await AskAsync(service.AsEnsembleMember(), null, streaming: false);

        Assert.That((response.FinishReason, response.Usage), Is.EqualTo(((ChatFinishReason?)null, (UsageDetails?)null)));
    }

    [TestCase(HttpStatusCode.TooManyRequests, "", FailureClass.RateLimited)]
    [TestCase(HttpStatusCode.BadRequest, "Your credit balance is too low", FailureClass.QuotaExhausted)]
    [TestCase(null, "", FailureClass.Unknown)]
    public async Task ServiceThatFails_IsFollowedByTheNextMember(HttpStatusCode? status, string body, FailureClass expected)
    {
        foreach (bool streaming in new[] { false, true })
        {
            ConnectorFake service = new() { Error = new HttpOperationException(status, body, "a message with the prompt", null) };
            RouterChatClient router = new("main", [new("service", service.AsEnsembleMember()), new("local", new ScriptedMember("local").Always(AnswerScript.Text("Seoul.")))]);
            ChatResponse response = await AskAsync(router, null, streaming);
            Assert.That(response, ReceiptIs.AnsweredBy("local"));
            Assert.That(response, ReceiptIs.WithFailure("service", expected));
            Assert.That(response.GetReceipt()!.Attempts[0].Note, Does.Not.Contain("prompt"));
        }
    }

    [Test]
    public async Task ServiceThatSaysNothing_IsFollowedByTheNextMember([Values] bool streaming)
    {
        ConnectorFake service = new() { Pieces = [Text("")] };
        RouterChatClient router = new("main", [new("service", service.AsEnsembleMember()), new("local", new ScriptedMember("local").Always(AnswerScript.Text("Seoul.")))]);
        ChatResponse response = await AskAsync(router, null, streaming);
        Assert.That(response, ReceiptIs.WithFailure("service", FailureClass.Empty));
        Assert.That(response, ReceiptIs.AnsweredBy("local"));
    }

    [Test]
    public async Task Instructions_BecomeASystemMessage([Values] bool streaming)
    {
        ConnectorFake service = new() { Pieces = [Text("Seoul.")] };
        await AskAsync(service.AsEnsembleMember(), new ChatOptions { Instructions = "Be brief." }, streaming);
        Assert.That(service.History!.Select(message => (message.Role, message.Content)), Is.EqualTo([(AuthorRole.System, "Be brief."), (AuthorRole.User, "Which city?")]));
    }

    [Test]
    public async Task FunctionCallsInPieces_ArriveWhole_AndKeepTypesAndIds()
    {
        ConnectorFake service = new()
        {
            Pieces =
            [
                [new StreamingFunctionCallUpdateContent("a", "forecast", "", 0)],
                [new StreamingFunctionCallUpdateContent(null, null, """{"city":"Bu""", 0), new StreamingFunctionCallUpdateContent("b", "time", null, 1)],
                [new StreamingFunctionCallUpdateContent(null, null, """san","days":3}""", 0)],
            ],
        };
        ChatResponse response = await AskAsync(service.AsEnsembleMember(), null, streaming: true);
        Microsoft.Extensions.AI.FunctionCallContent[] calls = [.. response.Messages.SelectMany(message => message.Contents).OfType<Microsoft.Extensions.AI.FunctionCallContent>()];
        Assert.That(calls.Select(call => (call.CallId, call.Name)), Is.EqualTo([("a", "forecast"), ("b", "time")]));
        Assert.That(calls[0].Arguments!.ToDictionary(argument => argument.Key, argument => $"{argument.Value}"), Is.EquivalentTo(new Dictionary<string, string> { ["city"] = "Busan", ["days"] = "3" }));
        Assert.That(calls[1].Arguments, Is.Null.Or.Empty);
    }

    [Test]
    public async Task WholeFunctionCallsOfOneIndex_StaySeparate()
    {
        ConnectorFake service = new() { Pieces = [[new StreamingFunctionCallUpdateContent("a", "time", "{}")], [new StreamingFunctionCallUpdateContent("b", "time", "{}")]] };
        ChatResponse response = await AskAsync(service.AsEnsembleMember(), null, streaming: true);
        Assert.That(response.Messages.SelectMany(message => message.Contents).OfType<Microsoft.Extensions.AI.FunctionCallContent>().Select(call => call.CallId), Is.EqualTo(["a", "b"]));
    }

    [Test]
    public async Task Cancellation_IsTheCallersOwn([Values] bool streaming)
    {
        using CancellationTokenSource stop = new();
        await stop.CancelAsync();
        ConnectorFake service = new() { Pieces = [Text("Seoul.")] };
        RouterChatClient router = new("main", [new("service", service.AsEnsembleMember())]);
        Assert.That(async () => await AskAsync(router, null, streaming, stop.Token), Throws.InstanceOf<OperationCanceledException>().With.Property(nameof(OperationCanceledException.CancellationToken)).EqualTo(stop.Token));
    }

    [Test]
    public async Task RegisteredService_IsAModelOfTheEnsemble()
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        builder.Services.AddKeyedSingleton<IChatCompletionService>("gpt", new ConnectorFake { Pieces = [Text("Seoul.")] });
        builder.Services.AddEnsemble()
            .AddKernelService("hosted", "gpt")
            .AddRouter("main", "hosted")
            .SetDefault("main");
        builder.AddEnsembleChat("main");
        ChatMessageContent answer = await builder.Build().GetRequiredService<IChatCompletionService>("main").GetChatMessageContentAsync("Which city?");
        Assert.That(answer.Content, Is.EqualTo("Seoul."));
        Assert.That(answer.GetReceipt(), ReceiptIs.AnsweredBy("hosted"));
    }

    [Test]
    public void Member_DoesNotDisposeItsService()
    {
        ConnectorFake service = new();
        service.AsEnsembleMember().Dispose();
        Assert.That(service.Disposed, Is.False);
    }

    private static TestCaseData Case(string name, string reason, object usage, ChatFinishReason finish, int? reasoning, int? cached) =>
        new TestCaseData(new Dictionary<string, object?> { ["FinishReason"] = reason, ["Usage"] = usage }, finish, reasoning, cached).SetArgDisplayNames(name);

    private static StreamingKernelContent[] Text(string text) => [new StreamingTextContent(text)];

    private static async Task<ChatResponse> AskAsync(IChatClient client, ChatOptions? options, bool streaming, CancellationToken cancellationToken = default) => streaming
        ? await client.GetStreamingResponseAsync("Which city?", options, cancellationToken).ToChatResponseAsync(cancellationToken)
        : await client.GetResponseAsync("Which city?", options, cancellationToken);

    private sealed record MistralLikeUsage(int PromptTokens, int CompletionTokens);

    /// <summary>A service as connectors are: it says nothing about why it ended, and sends calls in pieces.</summary>
    private sealed class ConnectorFake : IChatCompletionService, IDisposable
    {
        public IReadOnlyList<StreamingKernelContent[]> Pieces { get; init; } = [];

        public Exception? Error { get; init; }

        public Dictionary<string, object?>? Metadata { get; init; }

        public bool RepeatsMetadata { get; init; }

        public ChatHistory? History { get; private set; }

        public PromptExecutionSettings? Settings { get; private set; }

        public bool Disposed { get; private set; }

        public IReadOnlyDictionary<string, object?> Attributes { get; } = new Dictionary<string, object?>();

        public Task<IReadOnlyList<ChatMessageContent>> GetChatMessageContentsAsync(
            ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, CancellationToken cancellationToken = default)
        {
            Start(chatHistory, executionSettings, cancellationToken);
            string text = string.Concat(Pieces.SelectMany(piece => piece).OfType<StreamingTextContent>().Select(piece => piece.Text));
            return Task.FromResult<IReadOnlyList<ChatMessageContent>>([new ChatMessageContent(AuthorRole.Assistant, text, metadata: Metadata)]);
        }

        public async IAsyncEnumerable<StreamingChatMessageContent> GetStreamingChatMessageContentsAsync(
            ChatHistory chatHistory, PromptExecutionSettings? executionSettings = null, Kernel? kernel = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            Start(chatHistory, executionSettings, cancellationToken);
            foreach (StreamingKernelContent[] piece in Pieces)
            {
                bool says = RepeatsMetadata || piece == Pieces[^1];
                yield return new StreamingChatMessageContent(AuthorRole.Assistant, content: null, metadata: says ? Metadata : null) { Items = [.. piece] };
            }
        }

        public void Dispose() => Disposed = true;

        private void Start(ChatHistory history, PromptExecutionSettings? settings, CancellationToken cancellationToken)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (History, Settings) = (history, settings);
            if (Error is not null)
            {
                throw Error;
            }
        }
    }
}
