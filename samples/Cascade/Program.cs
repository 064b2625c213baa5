using Ensemble;
using Ensemble.Models;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

// What the stand-in for a hosted model would cost, in US dollars a question.
const decimal HostedPrice = 0.002m;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddEnsemble()
    .AddLocalModels()
    .AddModel("local", model => (model.Provider, model.Model) = ("local", SmolLM2.Name))
    .AddModel("hosted", _ => new ScriptedMember("hosted").Always(AnswerScript.Text("(a large hosted model would answer this)")))
    .AddCascade("main", "local, hosted", cascade => cascade.DeferBelow.MeanLogProbability = -0.25);
using IHost host = builder.Build();
IChatClient chat = host.Services.GetRequiredKeyedService<IChatClient>("main");

string[] questions =
[
    "What is the capital of South Korea?",
    "What is the capital of France?",
    "Who painted the third picture in the small room on the left?",
    "What will my neighbour's cat be called?",
];
int local = 0;
foreach (string question in questions)
{
    ChatResponse response = await chat.GetResponseAsync(question, new ChatOptions { Temperature = 0, MaxOutputTokens = 24 });
    Receipt receipt = response.GetReceipt()!;
    local += receipt.AnsweredBy == "local" ? 1 : 0;
    Console.WriteLine($"> {question}");
    Console.WriteLine($"  {receipt.AnsweredBy}: {response.Text.ReplaceLineEndings(" ")}");
    Console.WriteLine($"  {receipt.Notes[0]}");
}

Console.WriteLine($"{local} of {questions.Length} questions stayed on this computer; at ${HostedPrice} a question that saved ${local * HostedPrice}.");
