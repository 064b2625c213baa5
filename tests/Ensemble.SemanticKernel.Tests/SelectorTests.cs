using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.SemanticKernel;
using Microsoft.SemanticKernel.ChatCompletion;
using Microsoft.SemanticKernel.Services;

namespace Ensemble.SemanticKernel.Tests;

/// <summary>Which service a prompt function gets.</summary>
public class SelectorTests
{
    [Test]
    public async Task PromptFunction_IsAnsweredByTheServiceThatItsSettingsName([Values("mini", "MINI")] string name, [Values] bool byModelId)
    {
        PromptExecutionSettings settings = byModelId ? new() { ModelId = name } : new() { ServiceId = name };
        FunctionResult result = await Kernel().InvokePromptAsync("Hello", new KernelArguments(settings));
        Assert.That(result.GetValue<string>(), Is.EqualTo("I am mini."));
        Assert.That(result.GetReceipt()!.Name, Is.EqualTo("mini"));
    }

    [Test]
    public async Task PromptFunction_ThatNamesNothing_GetsTheDefault([Values] bool withSettings)
    {
        KernelArguments arguments = withSettings ? new(new PromptExecutionSettings()) : [];
        FunctionResult result = await Kernel().InvokePromptAsync("Hello", arguments);
        Assert.That(result.GetReceipt()!.Name, Is.EqualTo("main"));
    }

    [Test]
    public async Task StreamedPromptFunction_CarriesTheReceipt()
    {
        List<Receipt> receipts = [];
        await foreach (StreamingChatMessageContent piece in Kernel().InvokePromptStreamingAsync<StreamingChatMessageContent>("Hello", new(new PromptExecutionSettings { ServiceId = "mini" })))
        {
            receipts.AddRange(piece.GetReceipt() is { } receipt ? [receipt] : []);
        }

        Assert.That(receipts, Has.Count.EqualTo(1));
        Assert.That(receipts[0].Name, Is.EqualTo("mini"));
    }

    [Test]
    public void NameThatNobodyKnows_IsRefusedByTheKernel() => Assert.That(
        async () => await Kernel().InvokePromptAsync("Hello", new(new PromptExecutionSettings { ServiceId = "nobody" })), Throws.InstanceOf<KernelException>());

    [Test]
    public void ServiceOfTheKernelItself_IsFoundByItsId()
    {
        Kernel kernel = Kernel(builder => builder.Services.AddKeyedSingleton("own", new ScriptedMember("own").AsChatCompletionService()));
        bool found = kernel.ServiceSelector.TrySelectAIService(
            kernel, Prompt, Arguments(new PromptExecutionSettings { ServiceId = "own" }), out IChatCompletionService? service, out PromptExecutionSettings? settings);
        Assert.That(found, Is.True);
        Assert.That(service, Is.SameAs(kernel.GetRequiredService<IChatCompletionService>("own")));
        Assert.That(settings!.ServiceId, Is.EqualTo("own"));
    }

    [Test]
    public async Task ChatClient_IsSelectedLikeAService()
    {
        Kernel kernel = Kernel();
        bool found = ((IChatClientSelector)kernel.ServiceSelector).TrySelectChatClient(
            kernel, Prompt, Arguments(new PromptExecutionSettings { ServiceId = "mini" }), out IChatClient? client, out PromptExecutionSettings? settings);
        Assert.That(found, Is.True);
        Assert.That((await client!.GetResponseAsync("Hello")).GetReceipt()!.Name, Is.EqualTo("mini"));
        Assert.That(settings!.ServiceId, Is.EqualTo("mini"));
    }

    [Test]
    public void ServiceOfAnotherKind_IsNotAnEnsemble()
    {
        Kernel kernel = Kernel();
        bool found = kernel.ServiceSelector.TrySelectAIService(
            kernel, Prompt, Arguments(null), out Microsoft.SemanticKernel.TextGeneration.ITextGenerationService? service, out _);
        Assert.That(found, Is.False);
        Assert.That(service, Is.Null);
    }

    [Test]
    public async Task NamedChat_IsAServiceUnderItsNameOrAnotherId()
    {
        Kernel kernel = Kernel(builder => builder.AddEnsembleChat("main").AddEnsembleChat("mini", "small"));
        ChatMessageContent main = await kernel.GetRequiredService<IChatCompletionService>("main").GetChatMessageContentAsync("Hello");
        ChatMessageContent small = await kernel.GetRequiredService<IChatCompletionService>("small").GetChatMessageContentAsync("Hello");
        ChatResponse client = await kernel.GetRequiredService<IChatClient>("small").GetResponseAsync("Hello");
        Assert.That(main.GetReceipt()!.Name, Is.EqualTo("main"));
        Assert.That(small.GetReceipt()!.Name, Is.EqualTo("mini"));
        Assert.That(client.GetReceipt()!.Name, Is.EqualTo("mini"));
        Assert.That(kernel.GetRequiredService<IChatCompletionService>("main").GetModelId(), Is.EqualTo("main"));
    }

    private static KernelFunction Prompt => KernelFunctionFactory.CreateFromPrompt("Hello");

    private static KernelArguments Arguments(PromptExecutionSettings? settings) => settings is null ? [] : new(settings);

    private static Kernel Kernel(Action<IKernelBuilder>? more = null)
    {
        IKernelBuilder builder = Microsoft.SemanticKernel.Kernel.CreateBuilder();
        builder.Services.AddEnsemble()
            .AddModel("large", _ => new ScriptedMember("large").Always(AnswerScript.Text("I am large.")))
            .AddModel("mini", _ => new ScriptedMember("mini").Always(AnswerScript.Text("I am mini.")))
            .AddRouter("main", "large, mini")
            .SetDefault("main");
        builder.AddEnsembleSelector();
        more?.Invoke(builder);
        return builder.Build();
    }
}
