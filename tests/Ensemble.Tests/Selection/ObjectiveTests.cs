using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Selection;

internal sealed class ObjectiveTests
{
    private static readonly SelectionMember[] Members =
    [
        Choosing.Member("small", input: 0.1m, output: 0.4m, quality: 0.6),
        Choosing.Member("middle", input: 1m, output: 4m, quality: 0.8),
        Choosing.Member("large", input: 5m, output: 25m, quality: 0.9),
        Choosing.Member("mystery", input: null, output: null, quality: 0.95),
    ];

    [Test]
    public void CheapestThatIsGoodEnough_IsTheCheapestAboveTheBar()
    {
        Assert.That(Choosing.Decide(Members, objective: Objective.Cheapest).First, Is.EqualTo("small"));
        Assert.That(Choosing.Decide(Members, new Requirements { MinQuality = 0.7 }, objective: Objective.Cheapest).First, Is.EqualTo("middle"));
        Assert.That(Choosing.Decide(Members, new Requirements { MinQuality = 0.92 }, objective: Objective.Cheapest).Order, Is.Empty);
    }

    [Test]
    public void BestWithinAPrice_IsTheBestThatTheCeilingPays()
    {
        ChatOptions options = new() { MaxOutputTokens = 1_000 };
        Assert.That(Choosing.Decide(Members, objective: Objective.Best).First, Is.EqualTo("mystery"));
        Assert.That(Choosing.Decide(Members, new Requirements { MaxUsd = 1m }, Choosing.Profile(options: options), Objective.Best).First, Is.EqualTo("large"));
        Assert.That(Choosing.Decide(Members, new Requirements { MaxUsd = 0.01m }, Choosing.Profile(options: options), Objective.Best).First, Is.EqualTo("middle"));
    }

    [Test]
    public void QualityByDomain_DecidesWhenTheDomainIsKnown()
    {
        SelectionMember coder = new()
        {
            Name = "coder",
            Card = Members[0].Card,
            Deployments = Members[0].Deployments,
            Quality = 0.3,
            QualityByDomain = new Dictionary<string, double> { ["code"] = 0.99 },
        };
        SelectionSnapshot snapshot = SelectionSnapshot.Create([Members[2], coder]);
        RequestProfile code = new([new ChatMessage(ChatRole.User, "Sort this list")], domain: "Code");
        Assert.That(Choosing.Decide(snapshot, profile: code, objective: Objective.Best).First, Is.EqualTo("coder"));
        Assert.That(Choosing.Decide(snapshot, objective: Objective.Best).First, Is.EqualTo("large"));
    }

    [Test]
    public void AnUnknownPrice_IsNotTakenForCheap()
    {
        Choosing.Choice choice = Choosing.Decide(Members, objective: Objective.Cheapest);
        Assert.That(choice.Refusals[3], Is.EqualTo(ConstraintRules.UnknownPrice));
        Assert.That(choice.Order.Select(c => c.Member), Does.Not.Contain("mystery"));
    }

    [Test]
    public void Fastest_IsByMeasuredTime_AndTheUnmeasuredIsMeasuredFirst()
    {
        SelectionSnapshot snapshot = SelectionSnapshot.Create(Members);
        CandidateSignals[] signals =
        [
            new() { FirstTokenSeconds = 0.1, SecondsPerToken = 0.1, OutputTokens = 100 },
            new() { FirstTokenSeconds = 1.0, SecondsPerToken = 0.01, OutputTokens = 100 },
            new() { FirstTokenSeconds = 3.0, SecondsPerToken = 0.01, OutputTokens = 100 },
            new() { FirstTokenSeconds = 4.0, SecondsPerToken = 0.01, OutputTokens = 100 },
        ];
        Assert.That(Choosing.Decide(snapshot, objective: Objective.FastestToFirstToken, signals: signals).First, Is.EqualTo("small"));
        Assert.That(Choosing.Decide(snapshot, objective: Objective.Fastest, signals: signals).First, Is.EqualTo("middle"));
        signals[3] = new();
        Assert.That(Choosing.Decide(snapshot, objective: Objective.Fastest, signals: signals).First, Is.EqualTo("mystery"));
    }

    [Test]
    public void Weighted_TradesOnAbsoluteScales()
    {
        Assert.That(Choosing.Decide(Members, objective: Objective.Weighted(new ObjectiveWeights { Cost = 1, Quality = 0.01 })).First, Is.EqualTo("small"));
        Assert.That(Choosing.Decide(Members, objective: Objective.Weighted(new ObjectiveWeights { Cost = 0.01, Quality = 1 })).First, Is.EqualTo("large"));
        Assert.That(() => Objective.Weighted(new ObjectiveWeights()), Throws.ArgumentException);
        Assert.That(() => new ObjectiveWeights { Cost = -1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    [Test]
    public void Greenest_PrefersTheSmallestWorstCase_AndTheUnknownComesLast()
    {
        SelectionMember[] members =
        [
            Sized("unknown", EnergyClass.Unknown), Sized("huge", EnergyClass.Huge), Sized("tiny", EnergyClass.Tiny), Sized("medium", EnergyClass.Medium),
        ];
        Assert.That(Choosing.Decide(members, objective: Objective.Greenest).Order.Select(c => c.Member), Is.EqualTo(new[] { "tiny", "medium", "huge", "unknown" }));

        static SelectionMember Sized(string name, EnergyClass size) => new()
        {
            Name = name,
            Card = new ModelCard { Id = name, ContextWindow = 10_000, EnergyClass = size },
            Deployments = [new Deployment { Name = "only" }],
        };
    }

    [Test]
    public void Energy_OfAMedianPrompt_IsWithinSightOfWhatGooglePublished()
    {
        // 0.24 Wh for a median Gemini prompt; a few hundred tokens of a model of 20 to 80 billion active parameters.
        EnergyRange answer = EnergyModel.PerOutputToken(new ModelCard { Id = "flash", EnergyClass = EnergyClass.Medium }, new Deployment { Name = "d" }).Times(300);
        Assert.That(answer.Low, Is.LessThan(0.24));
        Assert.That(answer.High, Is.GreaterThan(0.02));
        Assert.That(answer.Low, Is.LessThan(answer.High));
    }

    [TestCase(8, 8, 1.0 / 8)]
    [TestCase(70, 70, 4.0 / 8)]
    [TestCase(37, 671, 32.0 / 8)]
    public void Energy_FollowsTheFormulas(double active, double total, double serverShare)
    {
        double gpu = (1.1665e-6 * Math.Exp(-0.0112059 * 64) * active) + 4.05293e-5;
        double seconds = (6.78509e-4 * active) + (3.11931e-4 * 64) + 0.0194737;
        Assert.That(EnergyModel.WattHours(active, total), Is.EqualTo((seconds / 3600 * 1200 * serverShare / 64) + (serverShare * 8 * gpu)).Within(1e-12));
    }

    [Test]
    public void ATier_OrdersDeploymentsOfOneModel_AndNeverBeatsTheObjectiveBetweenModels()
    {
        SelectionMember dear = Choosing.Member("dear", input: 100m, output: 400m, deployments: [Of("dear/first", 0, 100m), Of("dear/spare", 1, 0.1m)]);
        SelectionMember cheap = Choosing.Member("cheap", input: 0.5m, output: 2m, deployments: [Of("cheap/late", 1, 0.5m)]);
        foreach (SelectionMember[] members in new SelectionMember[][] { [dear, cheap], [cheap, dear] })
        {
            Choosing.Choice choice = Choosing.Decide(members, objective: Objective.Cheapest);
            Assert.That(choice.Order.Select(one => one.Deployment.Name), Is.EqualTo(new[] { "cheap/late", "dear/first", "dear/spare" }), "the spare waits for the first, and both for the cheap one");
        }

        Assert.That(Choosing.Decide([dear], objective: Objective.Cheapest).Order.Select(one => one.Deployment.Name), Is.EqualTo(new[] { "dear/first", "dear/spare" }));

        static Deployment Of(string name, int tier, decimal input) =>
            new() { Name = name, Tier = tier, Price = new Price { InputPerMillion = input, OutputPerMillion = input * 4 } };
    }

    [Test]
    public void MembersWithoutQuality_AreAConfigurationError_ThatPrintsTheLinesToAdd()
    {
        SelectionMember[] members = [Members[0], Choosing.Member("unrated")];
        KnownQuality[] known = [.. members.Select(member => new KnownQuality(member.Name, member.Quality, member.QualityByDomain))];
        Assert.That(SelectionSnapshot.ProblemWithQuality(known, new Requirements { MinQuality = 0.8 }, Objective.Cheapest), Does.Contain("\"unrated\": { \"Quality\": 0.0 }"));
        Assert.That(SelectionSnapshot.ProblemWithQuality(known, Requirements.None, Objective.Best), Does.StartWith("the objective"));
        Assert.That(SelectionSnapshot.ProblemWithQuality(known, Requirements.None, Objective.Cheapest), Is.Null);
    }

    [Test]
    public void Ties_AreDecidedByTheSeed_AndSpreadEvenly()
    {
        SelectionMember[] twins = [Choosing.Member("one"), Choosing.Member("two"), Choosing.Member("three")];
        Dictionary<string, int> wins = [];
        for (ulong seed = 0; seed < 3_000; seed++)
        {
            string first = Choosing.Decide(twins, objective: Objective.Cheapest, seed: seed).First!;
            wins[first] = wins.GetValueOrDefault(first) + 1;
        }

        Assert.That(wins, Has.Count.EqualTo(3));
        Assert.That(wins.Values, Has.All.EqualTo(1_000).Within(120));
    }
}
