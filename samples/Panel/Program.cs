using Ensemble;
using Ensemble.Models;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using PanelSample;
using Spectre.Console;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { Args = args, ContentRootPath = AppContext.BaseDirectory });
builder.AddEnsemble()
    .AddLocalModels()
    .AddModel("local", model => (model.Provider, model.Model) = ("local", SmolLM2.Name))
    .AddLocalEmbeddings("e5", E5Small.Name);
using IHost host = builder.Build();

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

Screen screen = new(AnsiConsole.Console);
try
{
    await using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "tickets.json"));
    BaggingData data = await BaggingData.ReadAsync(file, stop.Token);
    TextClassifier classifier = await screen.WorkAsync("nine voters of one small model read their examples", progress => TextClassifier.FitAsync(
        host.Services.GetRequiredKeyedService<IChatClient>("local"),
        host.Services.GetRequiredKeyedService<IEmbeddingGenerator<string, Embedding<float>>>("e5"),
        data,
        progress: progress,
        cancellationToken: stop.Token));

    // Two stand-ins for hosted members: one that has a habit, one that is out of order.
    PanelChatClient panel = new(
        "panel",
        [
            .. classifier.ToMembers(),
            new Member("habit", new ScriptedMember("habit").Always(AnswerScript.Text("billing"))),
            new Member("broken", new ScriptedMember("broken").Always(AnswerScript.Fail(new HttpRequestException("out of order")))),
        ],
        new PanelOptions
        {
            Choices = data.Labels,

            // What is known of each: the embedding member is right far more often than one voter of the small model.
            Weights = new Dictionary<string, double> { ["embedding"] = 3, ["habit"] = 0.5, ["broken"] = 0.5 },
        });

    screen.Say($"Nine bagged voters (weight 1 each), an embedding member (3), two scripted members (0.5 each). Teams: {string.Join(", ", data.Labels)}.");
    foreach (LabeledExample ticket in data.Test.Take(6))
    {
        await screen.ShowAsync(ticket, panel.GetStreamingResponseAsync(ticket.Text, cancellationToken: stop.Token));
    }

    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}
