using Ensemble;
using Ensemble.Models;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Specialists;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });

SemanticRouterOptions options = new() { Otherwise = "general" };
foreach (Specialist specialist in Specialist.All)
{
    options.Routes.Add(specialist.Route);
}

builder.AddEnsemble()
    .AddLocalModels()
    .AddLocalEmbeddings("e5", E5Small.Name)
    .AddModel("local", model => (model.Provider, model.Model) = ("local", SmolLM2.Name))
    .AddModel("general", _ => new ScriptedMember("general").Always(AnswerScript.Text("(a large hosted model would answer this, and cost money)")), model => model.Price = new Price { InputPerMillion = 15, OutputPerMillion = 75 })
    .AddSemanticRouter("main", "e5", [.. Specialist.All.Select(specialist => specialist.Member), new MemberOptions { Model = "general" }], options);
using IHost host = builder.Build();
int local = 0;
int asked = 0;
IChatClient chat = host.Services.GetRequiredKeyedService<IChatClient>("main");

await RunAsync("English",
[
    "I have been waiting for order 83417 since Monday.",
    "From tomorrow my mail is dana.fox@example.org.",
    "Write a short poem about autumn.",
    "What is the difference between a violin and a viola?",
]);
await RunAsync("한국어",
[
    "월요일부터 주문 83417을 기다리고 있어요.",
    "내일부터 제 메일은 dana.fox@example.org예요.",
    "가을에 대한 짧은 시를 써 줘.",
    "바이올린과 비올라는 뭐가 달라?",
]);

Console.WriteLine($"{local} of {asked} requests were answered on this computer.");

async Task RunAsync(string language, string[] questions)
{
    Console.WriteLine($"== {language}");
    foreach (string question in questions)
    {
        ChatResponse response = await chat.GetResponseAsync(question);
        Receipt receipt = response.GetReceipt()!;
        Console.WriteLine($"> {question}");
        Console.WriteLine($"  {receipt.AnsweredBy}: {response.Text}");
        Console.WriteLine($"  {string.Join("; ", receipt.Notes)}");
        Console.WriteLine($"  receipt: {receipt}");
        asked++;
        local += receipt.AnsweredBy == options.Otherwise ? 0 : 1;
    }
}
