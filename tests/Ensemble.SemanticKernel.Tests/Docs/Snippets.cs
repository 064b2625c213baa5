using Ensemble.Testing;
using Microsoft.Agents.AI;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;

namespace Ensemble.SemanticKernel.Tests.Docs;

/// <summary>The code of docs/semantic-kernel.md; it runs here over scripted models.</summary>
public class Snippets
{
    private static ScriptedMember Mini => new ScriptedMember("mini")
        .Next(AnswerScript.ToolCall("call-1", "Weather_forecast", new Dictionary<string, object?> { ["city"] = "Busan", ["days"] = 3 }))
        .Always(AnswerScript.Text("It will be sunny."));

    [Test]
    public async Task EnsembleInAKernel()
    {
        IServiceCollection services = new ServiceCollection();
        services.AddEnsemble().AddModel("mini", _ => Mini).AddRouter("main", "mini");
        #region snippet kernel-chat
        services.AddKernel()
            .AddEnsembleChat("main")
            .Plugins.AddFromType<WeatherPlugin>("Weather");
        using ServiceProvider provider = services.BuildServiceProvider();
        Kernel kernel = provider.GetRequiredService<Kernel>();

        PromptExecutionSettings settings = new() { ServiceId = "main", FunctionChoiceBehavior = FunctionChoiceBehavior.Auto() };
        ChatHistory history = new("How is the weather in Busan?", AuthorRole.User);
        ChatMessageContent answer = await kernel.GetRequiredService<IChatCompletionService>("main").GetChatMessageContentAsync(history, settings, kernel);
        string line = $"{answer.Content} ({answer.GetReceipt()})";
        #endregion
        Assert.That(line, Does.StartWith("It will be sunny. (main: mini answered;"));
    }

    [Test]
    public async Task Selector()
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        builder.Services.AddEnsemble().AddModel("mini", _ => new ScriptedMember("mini").Always(AnswerScript.Text("Seoul."))).AddRouter("main", "mini").SetDefault("main");
        #region snippet kernel-selector
        builder.AddEnsembleSelector();
        Kernel kernel = builder.Build();

        FunctionResult byDefault = await kernel.InvokePromptAsync("What is the capital of South Korea?");
        FunctionResult byName = await kernel.InvokePromptAsync("What is the capital of South Korea?", new(new PromptExecutionSettings { ServiceId = "mini" }));
        string names = $"{byDefault.GetReceipt()!.Name}, {byName.GetReceipt()!.Name}";
        #endregion
        Assert.That(names, Is.EqualTo("main, mini"));
    }

    [Test]
    public async Task ServiceAsAMember()
    {
        IKernelBuilder builder = Kernel.CreateBuilder();
        builder.Services.AddKeyedSingleton("gpt", new ScriptedMember("gpt").Always(AnswerScript.Http(503)).AsChatCompletionService());
        #region snippet kernel-member
        builder.Services.AddEnsemble()
            .AddKernelService("hosted", "gpt")
            .AddModel("local", _ => new ScriptedMember("local").Always(AnswerScript.Text("Seoul.")))
            .AddRouter("main", "hosted, local");
        builder.AddEnsembleChat("main");
        #endregion
        ChatMessageContent answer = await builder.Build().GetRequiredService<IChatCompletionService>("main").GetChatMessageContentAsync("Which city?");
        Assert.That(answer.GetReceipt(), ReceiptIs.AnsweredBy("local"));
    }

    [Test]
    public async Task Agent()
    {
        RouterChatClient ensemble = new("main", [new("mini", new ScriptedMember("mini").Always(AnswerScript.Text("Sunny.")))]);
        #region snippet agent
        AITool forecast = AIFunctionFactory.Create((string city) => $"sunny in {city}", "forecast");
        ChatClientAgent agent = new(ensemble, instructions: "Be brief.", tools: [forecast]);
        AgentResponse response = await agent.RunAsync("How is the weather in Busan?");
        Receipt? receipt = response.AsChatResponse().GetReceipt();
        #endregion
        Assert.That(receipt, ReceiptIs.AnsweredBy("mini"));
    }
}
