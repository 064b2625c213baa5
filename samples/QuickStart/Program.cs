using Ensemble;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using QuickStart;
using Spectre.Console;

HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
{
    Args = args,
    ContentRootPath = AppContext.BaseDirectory,
});
builder.AddEnsemble().AddLocalModels();
using IHost host = builder.Build();

using CancellationTokenSource stop = new();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};

IAnsiConsole console = AnsiConsole.Console;
if (Console.IsOutputRedirected)
{
    // Nobody's window: no line is broken.
    console.Profile.Width = 4096;
}

try
{
    await ChatAsync(host.Services.GetRequiredService<IChatClient>());
    await BagAsync(host.Services.GetRequiredKeyedService<IChatClient>("local"));
    return 0;
}
catch (OperationCanceledException) when (stop.IsCancellationRequested)
{
    return 130;
}

async Task ChatAsync(IChatClient chat)
{
    const string Question = "What is the capital of South Korea?";
    Heading("1  A language model answers on this computer: no key, no account, no download");
    console.WriteLine($"> {Question}");
    List<ChatResponseUpdate> updates = [];
    await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync(Question, new ChatOptions { Temperature = 0, MaxOutputTokens = 64 }, stop.Token))
    {
        console.Write(update.Text);
        updates.Add(update);
    }

    console.WriteLine();
    Remark($"receipt: {updates.ToChatResponse().GetReceipt()}");
}

async Task BagAsync(IChatClient model)
{
    // One on which the voters are far from a tie, so that every processor shows the same answer.
    const int ShownMessage = 9;
    await using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "tickets.json"));
    BaggingData data = await BaggingData.ReadAsync(file, stop.Token);
    string[] expected = [.. data.Test.Select(message => message.Label)];

    Heading($"2  {data.Bags.Count} voters, one small model");
    console.WriteLine($"{data.Test.Count} support messages for four teams: {string.Join(", ", data.Labels)}.");
    console.WriteLine($"Each voter is this model with {data.Bags[0].Count} examples of its own in front (tickets.json).");
    BaggedClassifier classifier = await Work.RunAsync(console, "voters read the examples", progress =>
        BaggedClassifier.FitAsync(model, data, progress: progress, cancellationToken: stop.Token));
    BaggedPrediction[] predictions = await Work.RunAsync(console, "voters read the messages", progress => PredictAsync(classifier, data.Test, progress));

    BaggedEvaluation evaluation = BaggedEvaluation.Of(predictions, expected);
    console.Write(Report.Voters(evaluation, predictions, expected));
    console.Write(Report.Summary(evaluation));
    console.WriteLine($"Known before the first message: {classifier.OutOfBagAccuracy.Value * 100:0} %, measured on the examples that each voter has not seen.");
    Remark("Habit: what a voter says whatever the message is. It is learnt from the examples that the voter");
    Remark("has not seen, and taken off; so no further data is needed.");
    Remark($"{data.Test.Count} messages are few: see the wide 95 % intervals. On seven larger tasks, 1,340 texts in all,");
    Remark("a prototype of this had 53 % of single answers right, 65 % by vote, 81 % by the mean of nine (docs/getting-started.md).");
    Remark("And honestly: a small embedding model with logistic regression gets 23 of these 24.");

    BaggedPrediction one = predictions[ShownMessage];
    Heading("3  The receipt of one answer");
    console.WriteLine($"> {data.Test[ShownMessage].Text}");
    console.Write(Report.Ballots(one));
    console.WriteLine($"answer: {one.Label} (right: {expected[ShownMessage]})");
    console.WriteLine($"receipt: {one.Receipt}");
}

async Task<BaggedPrediction[]> PredictAsync(BaggedClassifier classifier, IReadOnlyList<LabeledExample> messages, IProgress<BaggingProgress> progress)
{
    List<BaggedPrediction> predictions = [];
    foreach (LabeledExample message in messages)
    {
        predictions.Add(await classifier.PredictAsync(message.Text, stop.Token));
        progress.Report(new BaggingProgress(predictions.Count, messages.Count));
    }

    return [.. predictions];
}

void Heading(string text)
{
    console.WriteLine();
    console.MarkupLineInterpolated($"[bold]{text}[/]");
}

void Remark(string text) => console.MarkupLineInterpolated($"[grey]{text}[/]");
