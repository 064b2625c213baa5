using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddEnsemble().AddLocalModels();
using IHost host = builder.Build();

IChatClient chat = host.Services.GetRequiredService<IChatClient>();
ChatResponse response = await chat.GetResponseAsync("What is the capital of South Korea?", new ChatOptions { Temperature = 0, MaxOutputTokens = 32 });
Console.WriteLine(response.Text);
Console.WriteLine(response.GetReceipt());
return response.Text.Contains("Seoul", StringComparison.Ordinal) ? 0 : 1;
