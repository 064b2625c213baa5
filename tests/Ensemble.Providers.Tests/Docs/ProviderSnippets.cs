using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ensemble.Providers.Tests;

/// <summary>The code of <c>docs/providers.md</c>.</summary>
internal sealed class ProviderSnippets
{
    [Test]
    public void Snippet_HostedModels_CanBeResolved()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration.AddInMemoryCollection([new("OPENAI_API_KEY", "k"), new("ANTHROPIC_API_KEY", "k")]);

        #region snippet hosted-models
        builder.AddEnsemble().AddProviders()
            .AddModel("mini", m => m.OpenAI("gpt-5-mini"))
            .AddModel("claude", m => m.Anthropic("claude-sonnet-4-5"))
            .AddRouter("assistant", "mini, claude");
        #endregion

        using IHost host = builder.Build();
        IChatClient assistant = host.Services.GetRequiredKeyedService<IChatClient>("assistant");
        Assert.That(assistant.GetService<RouterChatClient>()!.Members.Select(m => m.Client.GetService<ChatClientMetadata>()!.DefaultModelId),
            Is.EqualTo(["gpt-5-mini", "claude-sonnet-4-5"]));
    }
}
