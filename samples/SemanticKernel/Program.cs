using Ensemble;
using Ensemble.Models;
using KernelSample;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

// The small local model comes first. It cannot call functions, so requests with functions go on to the next member.
ServiceCollection services = new();
services.AddEnsemble()
    .AddLocalModels()
    .AddModel("local", model => (model.Provider, model.Model) = ("local", SmolLM2.Name))
    .AddModel("hosted", _ => Hosted.Create())
    .AddRouter("main", "local, hosted")
    .SetDefault("main");
services.AddKernel().AddEnsembleChat("main").AddEnsembleSelector().Plugins.AddFromType<OrderPlugin>("Orders");
await using ServiceProvider provider = services.BuildServiceProvider();
Kernel kernel = provider.GetRequiredService<Kernel>();

PromptExecutionSettings withFunctions = new() { FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
PromptExecutionSettings plain = new() { ExtensionData = new Dictionary<string, object> { ["temperature"] = 0, ["max_tokens"] = 32 } };

Console.WriteLine("1  A chat that calls a plugin");
ChatHistory history = new();
history.AddUserMessage("Where is my order 83417?");
Console.WriteLine($"> {history[0].Content}");
ChatMessageContent answer = await kernel.GetRequiredService<IChatCompletionService>("main").GetChatMessageContentAsync(history, withFunctions, kernel);
history.Add(answer);
Console.WriteLine(answer.Content);
foreach (ChatMessageContent message in history)
{
    if (message.GetReceipt() is { } receipt)
    {
        Console.WriteLine($"receipt: {receipt}");
    }
}

Console.WriteLine();
Console.WriteLine("2  The same, streamed");
Console.WriteLine("> Where is my order 20931?");
List<Receipt> receipts = [];
await foreach (StreamingChatMessageContent piece in kernel.GetRequiredService<IChatCompletionService>("main").GetStreamingChatMessageContentsAsync("Where is my order 20931?", withFunctions, kernel))
{
    Console.Write(piece.Content);
    receipts.AddRange(piece.GetReceipt() is { } receipt ? [receipt] : []);
}

Console.WriteLine();
receipts.ForEach(receipt => Console.WriteLine($"receipt: {receipt}"));

Console.WriteLine();
Console.WriteLine("3  A prompt function without functions: the model on this computer answers");
Console.WriteLine("> What is the capital of South Korea?");
FunctionResult result = await kernel.InvokePromptAsync("What is the capital of {{$country}}?", new KernelArguments(plain) { ["country"] = "South Korea" });
Console.WriteLine(result.GetValue<string>());
Console.WriteLine($"receipt: {result.GetReceipt()}");
