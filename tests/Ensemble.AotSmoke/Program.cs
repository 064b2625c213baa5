using System.Text;
using System.Text.Json;
using Ensemble;
using Ensemble.AotSmoke;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

// The engine compiled ahead of time: configuration, a router over a panel, a stream, and a receipt to JSON and back.
const string Settings = """
    { "Ensemble": { "Default": "main",
      "Models": { "calm": { "Provider": "echo", "Model": "Seoul." }, "loud": { "Provider": "echo", "Model": "SEOUL" }, "odd": { "Provider": "echo", "Model": "Busan" } },
      "Compositions": {
        "jury": { "Kind": "panel", "Members": "calm, loud, odd", "Normalizer": "shortAnswer" },
        "main": { "Kind": "route", "Members": [ { "Model": "jury", "System": "Be brief." } ], "AttemptTimeoutSeconds": 30 } } } }
    """;
IConfigurationRoot configuration = new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(Settings))).Build();
ServiceCollection collection = new();
collection.AddSingleton<IModelProvider, EchoProvider>();
collection.AddEnsemble(configuration);
await using ServiceProvider services = collection.BuildServiceProvider();
IChatClient client = services.GetRequiredService<IChatClient>();

ChatResponse whole = await client.GetResponseAsync("What is the capital of South Korea?", new ChatOptions().WithEnsemble(r => r with { Tenant = "acme" }));
ChatResponse streamed = await client.GetStreamingResponseAsync("What is the capital of South Korea?").ToChatResponseAsync();
string json = JsonSerializer.Serialize(streamed.GetReceipt()!, EnsembleJson.Receipt);
Receipt back = JsonSerializer.Deserialize(json, EnsembleJson.Receipt)!;
Vote? vote = back.Attempts[0].Receipt?.Vote;
Console.WriteLine(whole.GetReceipt());
Console.WriteLine(json);
return whole.Text == "Seoul." && streamed.Text == "Seoul." && vote is { Winner: "seoul", Ballots.Count: 3 } ? 0 : 1;
