using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace LocalAndHosted;

/// <summary>One question, asked of two hosted models and the one that ships; the router goes on unseen when a model is in trouble.</summary>
internal static class Demonstration
{
    private const string Question = "What is the capital of South Korea?";

    public static async Task RunAsync(TextWriter output, bool useKeys, CancellationToken cancellationToken)
    {
        await using StandIn standIn = await StandIn.StartAsync();
        bool openAIKey = useKeys && HasKey("openai");
        bool anthropicKey = useKeys && HasKey("anthropic");
        await using ServiceProvider services = Build(standIn, openAIKey, anthropicKey);
        IChatClient assistant = services.GetRequiredKeyedService<IChatClient>("assistant");

        await output.WriteLineAsync($"openai:    {(openAIKey ? "your key, the real service" : "no key: a stand-in on this machine")}");
        await output.WriteLineAsync($"anthropic: {(anthropicKey ? "your key, the real service" : "no key: a stand-in on this machine")}");
        await output.WriteLineAsync("local:     SmolLM2-135M, in this process");

        await AskAsync("Everybody is well", assistant, output, cancellationToken);
        if (!openAIKey)
        {
            standIn.OpenAIIsInTrouble = true;
            await AskAsync("The first reports an error inside a stream that began with status 200", assistant, output, cancellationToken);
        }

        if (!openAIKey && !anthropicKey)
        {
            standIn.AnthropicIsInTrouble = true;
            await AskAsync("Both hosted models are overloaded", assistant, output, cancellationToken);
        }
    }

    private static bool HasKey(string provider) =>
        ProviderPresets.TryFind(provider, out ProviderPreset? preset) && ProviderReadiness.Of(preset).IsReady;

    private static ServiceProvider Build(StandIn standIn, bool openAIKey, bool anthropicKey)
    {
        ServiceCollection services = new();
        services.AddEnsemble()
            .AddLocalModels()
            .AddProviders()
            .AddModel("mini", model =>
            {
                model.OpenAI("gpt-5-mini");
                if (!openAIKey)
                {
                    model.At(standIn.OpenAI).With("ApiKey", "stand-in");
                }
            })
            .AddModel("haiku", model =>
            {
                model.Anthropic("claude-haiku-4-5");
                if (!anthropicKey)
                {
                    model.At(standIn.Anthropic).With("ApiKey", "stand-in");
                }
            })
            .AddModel("local", model =>
            {
                model.Provider = "local";
                model.Model = "smollm2-135m-instruct";
            })
            .AddRouter("assistant", "mini, haiku, local");
        return services.BuildServiceProvider();
    }

    private static async Task AskAsync(string title, IChatClient assistant, TextWriter output, CancellationToken cancellationToken)
    {
        await output.WriteLineAsync($"\n{title}\n> {Question}");
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in assistant.GetStreamingResponseAsync(Question, new() { MaxOutputTokens = 200 }, cancellationToken))
        {
            await output.WriteAsync(update.Text);
            updates.Add(update);
        }

        Receipt receipt = updates.ToChatResponse().GetReceipt()!;
        await output.WriteLineAsync($"\nreceipt: {receipt}");
        foreach (Attempt attempt in receipt.Attempts)
        {
            await output.WriteLineAsync($"  {attempt.Member}: {attempt.Outcome}{(attempt.Note is null ? "" : $", {attempt.Note}")}");
        }
    }
}
