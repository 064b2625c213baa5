using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>An ensemble as a service of a Kernel.</summary>
public class KernelChatTests
{
    private readonly ScriptedMember _first = new("first");
    private readonly ScriptedMember _second = new("second");
    private readonly WeatherPlugin _weather = new();

    private RouterChatClient Router => new("main", [new("first", _first), new("second", _second)]);

    [Test]
    public async Task Answer_OfAChatService_CarriesTheReceipt([Values] bool streaming)
    {
        _first.Always(AnswerScript.Http(503));
        _second.Always(AnswerScript.Text("Se", "oul."));
        (string text, Receipt[] receipts) = await AskAsync(Kernel(), new ChatHistory("Which city?"), settings: null, streaming);
        Assert.That(text, Is.EqualTo("Seoul."));
        Assert.That(receipts, Has.Length.EqualTo(1));
        Assert.That(receipts[0], ReceiptIs.AnsweredBy("second"));
        Assert.That(receipts[0], ReceiptIs.WithFailure("first", FailureClass.Overloaded));
    }

    [Test]
    public async Task FunctionOfAPlugin_IsInvoked_AndEachTurnKeepsItsReceipt([Values] bool streaming)
    {
        _first.Next(CallsForecast).Next(AnswerScript.Text("It will be sunny in Busan."));
        ChatHistory history = new("How is the weather in Busan?");
        (string text, Receipt[] receipts) = await AskAsync(Kernel(), history, new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() }, streaming);
        Assert.That(text, Is.EqualTo("It will be sunny in Busan."));
        Assert.That(_weather.Asked, Is.EqualTo([("Busan", 3)]));
        Assert.That(_first.Calls[1].Messages[^1].Contents.OfType<Microsoft.Extensions.AI.FunctionResultContent>().Select(result => result.CallId), Is.EqualTo(["call-1"]));
        Assert.That(receipts.Select(receipt => receipt.AnsweredBy), Is.EqualTo(["first", "first"]));
    }

    [Test]
    public async Task FunctionOfAPlugin_IsNotInvoked_UnlessTheSettingsSaySo()
    {
        _first.Always(CallsForecast);
        IReadOnlyList<ChatMessageContent> answer = await Kernel().GetRequiredService<IChatCompletionService>().GetChatMessageContentsAsync(
            new ChatHistory("How is the weather in Busan?"), new PromptExecutionSettings { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto(autoInvoke: false) }, Kernel());
        Assert.That(answer[0].Items, Has.Some.InstanceOf<Microsoft.SemanticKernel.FunctionCallContent>());
        Assert.That(_weather.Asked, Is.Empty);
    }

    [Test]
    public async Task ChatClientOfTheKernel_InvokesFunctionsToo([Values] bool streaming)
    {
        _first.Next(CallsForecast).Next(AnswerScript.Text("Sunny."));
        Kernel kernel = Kernel();
        IChatClient client = kernel.GetRequiredService<IChatClient>();
        ChatOptions options = new() { Tools = [.. kernel.Plugins.GetFunctionsMetadata().Select(metadata => kernel.Plugins.GetFunction(metadata.PluginName, metadata.Name).WithKernel(kernel))] };
        ChatResponse response = streaming
            ? await client.GetStreamingResponseAsync("How is the weather in Busan?", options).ToChatResponseAsync()
            : await client.GetResponseAsync("How is the weather in Busan?", options);
        Assert.That(response.Text, Does.EndWith("Sunny."));
        Assert.That(_weather.Asked, Is.EqualTo([("Busan", 3)]));
        Assert.That(response, ReceiptIs.AnsweredBy("first"));
    }

    [Test]
    public async Task History_IsSentWithoutItsReceipts([Values] bool streaming)
    {
        _first.Always(AnswerScript.Text("Seoul."));
        Kernel kernel = Kernel();
        ChatHistory history = new("Which city?");
        ChatMessageContent answer = await kernel.GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync(history, kernel: kernel);
        history.Add(answer);
        history.AddUserMessage("Sure?");
        await AskAsync(kernel, history, settings: null, streaming);
        Assert.That(answer.GetReceipt(), Is.Not.Null);
        Assert.That(_first.Calls[1].Messages, Has.Count.EqualTo(3));
        Assert.That(_first.Calls[1].Messages.Where(message => message.AdditionalProperties?.ContainsKey(ReceiptExtensions.ReceiptKey) ?? false), Is.Empty);
    }

    [Test]
    public async Task ExecutionSettings_ReachTheMembers_WithoutTheServiceAndModelThatTheyName([Values] bool streaming)
    {
        _first.Always(AnswerScript.Text("Seoul."));
        PromptExecutionSettings settings = new() { ModelId = "main", ExtensionData = new Dictionary<string, object> { ["temperature"] = 0.25, ["max_tokens"] = 7, ["seed"] = 5 } };
        await AskAsync(Kernel(), new ChatHistory("Which city?"), settings, streaming);
        ChatOptions options = _first.Calls[0].Options!;
        Assert.That((options.Temperature, options.MaxOutputTokens, options.Seed, options.ModelId), Is.EqualTo((0.25f, 7, 5L, (string?)null)));
    }

    [Test]
    public async Task PromptFunction_HasTheReceiptInItsResult()
    {
        _first.Always(AnswerScript.Text("Seoul."));
        FunctionResult result = await Kernel().InvokePromptAsync("The capital of {{$country}}?", new KernelArguments { ["country"] = "South Korea" });
        Assert.That(result.GetValue<string>(), Is.EqualTo("Seoul."));
        Assert.That(result.GetReceipt(), ReceiptIs.AnsweredBy("first"));
    }

    [Test]
    public async Task Receipt_SurvivesAHistoryThatIsKeptAsJson()
    {
        _first.Always(AnswerScript.Text("Seoul."));
        ChatMessageContent answer = await Kernel().GetRequiredService<IChatCompletionService>().GetChatMessageContentAsync("Which city?");
        string json = System.Text.Json.JsonSerializer.Serialize(new ChatHistory { answer });
        ChatHistory read = System.Text.Json.JsonSerializer.Deserialize<ChatHistory>(json)!;
        Assert.That(read[0].GetReceipt()!.ToString(), Is.EqualTo(answer.GetReceipt()!.ToString()));
    }

    [Test]
    public void KernelServices_DoNotDisposeTheEnsemble()
    {
        using (ServiceProvider services = Services(_first))
        {
            services.GetRequiredService<IChatClient>();
        }

        Assert.That(_first.Counters.Disposals, Is.Zero);
    }

    private static AnswerScript CallsForecast => AnswerScript.ToolCall("call-1", "Weather_forecast", new Dictionary<string, object?> { ["city"] = "Busan", ["days"] = 3 });

    private Kernel Kernel()
    {
        IKernelBuilder builder = Microsoft.SemanticKernel.Kernel.CreateBuilder().AddEnsembleChat(Router);
        builder.Plugins.AddFromObject(_weather, "Weather");
        return builder.Build();
    }

    private static ServiceProvider Services(IChatClient ensemble)
    {
        ServiceCollection services = new();
        services.AddKernel().AddEnsembleChat(ensemble);
        return services.BuildServiceProvider();
    }

    private static async Task<(string Text, Receipt[] Receipts)> AskAsync(Kernel kernel, ChatHistory history, PromptExecutionSettings? settings, bool streaming)
    {
        IChatCompletionService service = kernel.GetRequiredService<IChatCompletionService>();
        if (!streaming)
        {
            ChatMessageContent answer = await service.GetChatMessageContentAsync(history, settings, kernel);
            return (answer.Content!, [.. history.Append(answer).Select(message => message.GetReceipt()).OfType<Receipt>()]);
        }

        List<StreamingChatMessageContent> pieces = [];
        await foreach (StreamingChatMessageContent piece in service.GetStreamingChatMessageContentsAsync(history, settings, kernel))
        {
            pieces.Add(piece);
        }

        return (string.Concat(pieces.Select(piece => piece.Content)), [.. pieces.Select(piece => piece.GetReceipt()).OfType<Receipt>()]);
    }
}
