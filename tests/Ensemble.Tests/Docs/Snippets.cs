using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

/// <summary>The code that the pages show; it runs here over fakes in the place of real models.</summary>
public class Snippets
{
    private static FakeClient Local => FakeClient.Says("Seoul.", new UsageDetails { InputTokenCount = 12, OutputTokenCount = 3 });

    private static FakeClient Mini => FakeClient.Says("seoul");

    [Test]
    public async Task PanelWithNew()
    {
        IChatClient local = Local, mini = Mini;
        #region snippet panel-with-new
        PanelChatClient panel = new("jury", [new("local", local), new("mini", mini)], new PanelOptions { Normalizer = BallotNormalizer.ShortAnswer });

        ChatResponse response = await panel.GetResponseAsync("What is the capital of South Korea?");
        Vote vote = response.GetVote()!;
        string summary = $"{response.Text} ({vote.Outcome}, agreement {vote.Agreement:0%})";
        #endregion
        Assert.That(summary, Does.StartWith("Seoul. (Decided, agreement 100"));
    }

    [Test]
    public async Task RouterWithNew()
    {
        IChatClient local = Local, mini = Mini;
        #region snippet router-with-new
        RouterChatClient router = new("main", [new("local", local), new("mini", mini)], new RouterOptions { AttemptTimeout = TimeSpan.FromSeconds(30) });

        ChatResponse response = await router.GetResponseAsync("What is the capital of South Korea?");
        string receipt = response.GetReceipt()!.ToString();
        #endregion
        Assert.That(receipt, Does.StartWith("main: local answered"));
    }

    [Test]
    public async Task Choosing()
    {
        ServiceCollection services = new();
        FakeClient own = Local, hosted = Mini;
        #region snippet choosing
        services.AddEnsemble()
            .AddModel("own", _ => own, model => (model.SelfHosted, model.Quality, model.Card.ContextWindow) = (true, 0.6, 8_192))
            .AddModel("mini", _ => hosted, model =>
            {
                model.Price = new Price { InputPerMillion = 0.25m, OutputPerMillion = 2m };
                model.Quality = 0.8;
                model.Processing = "EU";
                model.Card.ContextWindow = 400_000;
            })
            .AddRouter("main", "own, mini", router => router.Selection = new()
            {
                Objective = Objective.Cheapest,
                Requirements = new() { MinQuality = 0.7, KeepLocal = SensitiveData.Email, Regions = ["EU"] },
            });
        #endregion
        await using ServiceProvider provider = services.BuildServiceProvider();
        ChatResponse response = await provider.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("What is the capital of South Korea?");
        Assert.That(response.Text, Is.EqualTo("seoul"));
    }

    [Test]
    public void DetectorOfOnesOwn()
    {
        ServiceCollection services = new();
        #region snippet choosing-detector
        services.AddSingleton(new SensitiveTextDetector(text => text.Contains("Project Aurora", StringComparison.OrdinalIgnoreCase) ? SensitiveData.Custom : SensitiveData.None));
        #endregion
        services.AddEnsemble();
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(provider.GetRequiredService<EnsembleRuntime>().SensitiveTextDetector!("about project aurora"), Is.EqualTo(SensitiveData.Custom));
    }

    [Test]
    public async Task StreamOfAPanel()
    {
        PanelChatClient panel = new("jury", [new("local", Local), new("mini", Mini)], new PanelOptions { Normalizer = BallotNormalizer.ShortAnswer });
        List<string> lines = [];
        #region snippet panel-stream
        await foreach (ChatResponseUpdate update in panel.GetStreamingResponseAsync("What is the capital of South Korea?"))
        {
            string? line = update.GetBallot() is { } ballot ? $"{ballot.Voter} votes for {ballot.Choice}"
                : update.GetReceipt() is { } receipt ? receipt.ToString()
                : update.Text;
            lines.Add(line);
        }
        #endregion
        Assert.That(lines, Has.Some.EqualTo("local votes for seoul").And.Some.EqualTo("Seoul.").And.Some.StartsWith("jury: local answered"));
    }

    [Test]
    public async Task RegistrationInCode()
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(new FakeProvider());
        #region snippet register-in-code
        collection.AddEnsemble()
            .AddModel("local", m => m.Provider = "fake")
            .AddPanel("jury", [new MemberOptions { Model = "local", Count = 5, Temperature = 0.8f, Seed = 1 }], p => p.Choices = ["a", "b"])
            .AddRouter("main", "jury, local")
            .SetDefault("main");
        #endregion
        await using ServiceProvider services = collection.BuildServiceProvider();
        ChatResponse response = await services.GetRequiredService<IChatClient>().GetResponseAsync("a or b?");
        Assert.That(response.GetReceipt()!.Attempts[0].Receipt!.Vote!.Ballots, Has.Count.EqualTo(5));
    }
}
