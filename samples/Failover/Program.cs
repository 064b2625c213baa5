using Ensemble;
using Ensemble.Models;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

// Two stand-ins for hosted models, whose faults are switched on one after another, and a local model behind them. Nothing leaves the machine.
AnswerScript good = AnswerScript.Text("Seoul ", "is ", "the ", "capital.").ReportingUsage(12, 6);
AnswerScript east = good;
AnswerScript west = good;
HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.Logging.ClearProviders();
builder.AddEnsemble()
    .AddLocalModels()
    .AddModel("east", _ => new ScriptedMember("east").Always(_ => east))
    .AddModel("west", _ => new ScriptedMember("west").Always(_ => west))
    .AddModel("local", model => (model.Provider, model.Model) = ("local", SmolLM2.Name))
    .AddRouter("main", "east, west, local", router => (router.AttemptTimeout, router.IdleTimeout) = (TimeSpan.FromSeconds(20), TimeSpan.FromMilliseconds(300)));
using IHost host = builder.Build();
IChatClient chat = host.Services.GetRequiredKeyedService<IChatClient>("main");
ChatOptions options = new() { Temperature = 0, MaxOutputTokens = 24 };

await AskAsync("all is well");

east = AnswerScript.Text("Seo", "ul").FailAfter(0);
await AskAsync("east dies before its first word");

east = AnswerScript.RateLimited(TimeSpan.FromMinutes(1));
await AskAsync("east is asked too often, and says for how long");
await AskAsync("east is left alone until then");

west = AnswerScript.Empty();
await AskAsync("west answers with nothing");

west = AnswerScript.Text("Seoul ", "is ", "the ", "capital.").CutAfter(2).HangAfter(2);
await AskAsync("west stalls after two words: an error with what was received, never two texts in one");

west = AnswerScript.Http(401);
await AskAsync("the key of west is refused");
await AskAsync("only the local model is left");
return 0;

async Task AskAsync(string what)
{
    Console.WriteLine($"# {what}");
    string text = "";
    try
    {
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("What is the capital of South Korea?", options))
        {
            updates.Add(update);
            text += update.Text;
        }

        Console.WriteLine($"  {text.ReplaceLineEndings(" ")}");
        Console.WriteLine($"  {updates.ToChatResponse().GetReceipt()}");
    }
    catch (StreamInterruptedException error)
    {
        Console.WriteLine($"  {text}… interrupted; received: '{error.Partial!.Text}'");
        Console.WriteLine($"  {error.Receipt}");
    }
}
