using Ensemble.Models;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Ensemble.Cli.Tests.Docs;

/// <summary>The code of the README and of getting-started.md, run with the shipped model.</summary>
public class SnippetTests
{
    [Test]
    public async Task Application_AnswersWithAReceipt()
    {
        string[] args = [];
        #region snippet application
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings
        {
            Args = args,
            ContentRootPath = AppContext.BaseDirectory,
        });
        builder.AddEnsemble().AddLocalModels();
        using IHost host = builder.Build();

        IChatClient chat = host.Services.GetRequiredService<IChatClient>();
        ChatResponse response = await chat.GetResponseAsync("What is the capital of South Korea?", new() { Temperature = 0 });
        Console.WriteLine(response.Text);
        Console.WriteLine(response.GetReceipt());
        #endregion
        Assert.That(response.Text, Does.Contain("Seoul"));
        Assert.That(response.GetReceipt()!.ToString(), Does.StartWith("main: local answered; ").And.EndsWith("; $0"));
    }

    [Test]
    public async Task Streaming_EndsWithTheReceipt()
    {
        using IHost host = BuildHost();
        IChatClient chat = host.Services.GetRequiredService<IChatClient>();
        #region snippet streaming
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in chat.GetStreamingResponseAsync("What is the capital of South Korea?"))
        {
            Console.Write(update.Text);
            updates.Add(update);
        }

        Receipt? receipt = updates.ToChatResponse().GetReceipt();
        #endregion
        Assert.That(receipt!.AnsweredBy, Is.EqualTo("local"));
    }

    [Test]
    public async Task Panel_Votes()
    {
        HostApplicationBuilder builder = Host.CreateEmptyApplicationBuilder(null);
        #region snippet panel
        builder.AddEnsemble().AddLocalModels()
            .AddModel("local", model => model.Local(SmolLM2.Name))
            .AddPanel("jury", "local*5", panel => panel.Choices = ["hot", "cold"]);
        using IHost host = builder.Build();

        IChatClient jury = host.Services.GetRequiredKeyedService<IChatClient>("jury");
        ChatResponse response = await jury.GetResponseAsync("Is the sun hot or cold?", new() { Temperature = 0.7f });
        Vote vote = response.GetVote()!;
        Console.WriteLine($"{vote.Winner}: {vote.Agreement:P0} of {vote.Ballots.Count}");
        #endregion
        Assert.That(vote.Ballots, Has.Count.EqualTo(5));

        // Three decide, and who is still answering then is stopped without a choice.
        Assert.That(vote.Ballots.Select(ballot => ballot.Choice).OfType<string>().ToArray(), Has.Length.AtLeast(3).And.All.AnyOf("hot", "cold"));
        Assert.That(response.Text, Is.EqualTo(vote.Winner));
    }

    [Test]
    public async Task Bagging_KnowsItsAccuracyBeforeTheFirstText()
    {
        using IHost host = BuildHost();
        IChatClient model = host.Services.GetRequiredKeyedService<IChatClient>("local");
        #region snippet bagging
        LabeledExample[] examples =
        [
            new("I loved every minute of it.", "positive"), new("A joy from start to end.", "positive"), new("Great fun for all of us.", "positive"),
            new("It was dull and far too long.", "negative"), new("I want my money back.", "negative"), new("The worst film of the year.", "negative"),
        ];
        string[] labels = ["positive", "negative"];
        BaggingData data = new(labels, examples, BaggingData.DrawBags(labels, examples, count: 5, perLabel: 2, seed: 1), "Review", "Sentiment");

        BaggedClassifier classifier = await BaggedClassifier.FitAsync(model, data);
        BaggedPrediction prediction = await classifier.PredictAsync("What a wonderful evening!");
        Console.WriteLine($"{prediction.Label}; right in about {classifier.OutOfBagAccuracy} of texts like the examples");
        #endregion
        Assert.That(labels, Does.Contain(prediction.Label));
        Assert.That(classifier.OutOfBagAccuracy.Total, Is.GreaterThan(0));
        Assert.That(prediction.Voters, Has.Count.EqualTo(5));
    }

    private static IHost BuildHost()
    {
        HostApplicationBuilder builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { ContentRootPath = AppContext.BaseDirectory });
        builder.AddEnsemble().AddLocalModels();
        return builder.Build();
    }
}
