using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace LocalFirst;

/// <summary>Asks four questions; where each goes is decided by appsettings.json, and the receipt says why.</summary>
internal static class Demonstration
{
    public static async Task RunAsync(TextWriter output, string contentRoot, CancellationToken cancellationToken = default)
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = contentRoot });
        builder.Services.AddSingleton<IModelProvider, ScriptedProvider>();
        builder.AddEnsemble().AddLocalModels();
        using IHost host = builder.Build();
        IEnsembleClients clients = host.Services.GetRequiredService<IEnsembleClients>();

        await output.WriteLineAsync("The cheapest that is right in 8 of 10 cases:");
        await AskAsync(clients.Get("good"), "Explain what a contract of sale is.", null);
        await output.WriteLineAsync("In law the middle one is not good enough:");
        await AskAsync(clients.Get("good"), "Explain what a contract of sale is.", "law");
        await output.WriteLineAsync("The best that a tenth of a cent pays for:");
        await AskAsync(clients.Get("main"), "Explain what a contract of sale is.", null);
        await output.WriteLineAsync("A text with a resident number and an address stays on this machine:");
        await AskAsync(clients.Get("main"), "Summarise: Ada Lee, 900101-1234568, ada@example.com, moved to Seoul.", null);

        async Task AskAsync(IChatClient client, string question, string? domain)
        {
            ChatOptions options = new ChatOptions { Temperature = 0, MaxOutputTokens = 48 }.WithEnsemble(request => request with { Domain = domain });
            ChatResponse response = await client.GetResponseAsync(question, options, cancellationToken);
            await output.WriteLineAsync($"  > {question}");
            await output.WriteLineAsync($"  {response.Text.ReplaceLineEndings(" ")}");
            await output.WriteLineAsync($"  receipt: {response.GetReceipt()}");
            await output.WriteLineAsync();
        }
    }
}
