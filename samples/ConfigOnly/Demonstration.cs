using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace ConfigOnly;

/// <summary>Everything stands in appsettings.json: this code knows IChatClient, and no model.</summary>
internal static class Demonstration
{
    public static async Task RunAsync(TextWriter output, string contentRoot, CancellationToken cancellationToken = default)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = contentRoot });
        builder.Services.AddEnsemble(builder.Configuration).AddLocalModels();
        using IHost host = builder.Build();

        IChatClient chat = host.Services.GetRequiredService<IChatClient>();
        ChatResponse answer = await chat.GetResponseAsync("What is the capital of South Korea?", new ChatOptions { Temperature = 0, MaxOutputTokens = 32 }, cancellationToken);
        await output.WriteLineAsync(answer.Text.ReplaceLineEndings(" "));
        await output.WriteLineAsync($"receipt: {answer.GetReceipt()}");

        ChatResponse vote = await host.Services.GetRequiredKeyedService<IChatClient>("jury")
            .GetResponseAsync("Is the sun hot or cold?", new ChatOptions { Temperature = 0.7f, Seed = 1, MaxOutputTokens = 8 }, cancellationToken);
        await output.WriteLineAsync($"jury: {vote.Text}");
        await output.WriteLineAsync($"receipt: {vote.GetReceipt()}");
    }
}
