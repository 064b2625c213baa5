using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Tests;

/// <summary>How a route goes from member to member, and what its models may be asked, as JSON says it.</summary>
public class RoutingConfigurationTests
{
    [Test]
    public void EveryRoutingKey_ReachesTheRouter()
    {
        using ServiceProvider services = Services("""
            {"Models":{"a":{"Provider":"fake"}},"Compositions":{"main":{"Kind":"route","Members":"a","AttemptTimeoutSeconds":2,"DeadlineSeconds":9,"MaxAttempts":3,"LongestWaitSeconds":4,
             "IdleTimeoutSeconds":5,"SilenceTimeoutSeconds":10,"MinCharactersPerSecond":6,"ContinueInterrupted":true,"MaxQueue":7,"Hedging":{"Quantile":0.9,"MinimumSamples":8,"ShortestDelaySeconds":0.2}}}}
            """);
        RouterOptions options = services.GetRequiredService<IEnsembleClients>().Get("main").GetService<RouterChatClient>()!.Options;
        Assert.Multiple(() =>
        {
            Assert.That(options.AttemptTimeout, Is.EqualTo(TimeSpan.FromSeconds(2)));
            Assert.That(options.Deadline, Is.EqualTo(TimeSpan.FromSeconds(9)));
            Assert.That(options.MaxAttempts, Is.EqualTo(3));
            Assert.That(options.LongestWait, Is.EqualTo(TimeSpan.FromSeconds(4)));
            Assert.That(options.IdleTimeout, Is.EqualTo(TimeSpan.FromSeconds(5)));
            Assert.That(options.SilenceTimeout, Is.EqualTo(TimeSpan.FromSeconds(10)));
            Assert.That(options.MinCharactersPerSecond, Is.EqualTo(6));
            Assert.That(options.ContinueInterrupted, Is.True);
            Assert.That(options.MaxQueue, Is.EqualTo(7));
            Assert.That(options.Hedging!.Delay, Is.EqualTo(new HedgingDelay(0.9, 8, TimeSpan.FromMilliseconds(200))));
        });
    }

    [Test]
    public void RouteThatSaysNothing_HasTheDefaultsOfCode()
    {
        using ServiceProvider services = Services("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"main":{"Kind":"route","Members":"a"}}}""");
        RouterOptions options = services.GetRequiredService<IEnsembleClients>().Get("main").GetService<RouterChatClient>()!.Options;
        RouterOptions code = new();
        Assert.That(
            (options.AttemptTimeout, options.Deadline, options.MaxAttempts, options.LongestWait, options.IdleTimeout, options.SilenceTimeout, options.MinCharactersPerSecond, options.ContinueInterrupted, options.MaxQueue, options.Hedging),
            Is.EqualTo((code.AttemptTimeout, code.Deadline, code.MaxAttempts, code.LongestWait, code.IdleTimeout, code.SilenceTimeout, code.MinCharactersPerSecond, code.ContinueInterrupted, code.MaxQueue, code.Hedging)));
    }

    [Test]
    public void LimitsOfAModel_AndOfItsDeployments_AreThoseOfItsLanes()
    {
        using ServiceProvider services = Services("""
            {"Models":{"a":{"Provider":"fake","Limits":{"MaxConcurrency":2}},
                       "b":{"Provider":"fake","Limits":{"RequestsPerMinute":60},"Deployments":{"east":{},"west":{"Limits":{"TokensPerMinute":1000}}}}},
             "Compositions":{"main":{"Kind":"route","Members":"a, b"}}}
            """);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        RouterChatClient main = clients.Get("main").GetService<RouterChatClient>()!;
        RouterChatClient places = main.Members[1].Client.GetService<RouterChatClient>()!;
        Assert.Multiple(() =>
        {
            Assert.That(main.TargetsOf(main.Members[0])[0].Lane.Limits.MaxConcurrency, Is.EqualTo(2));
            Assert.That(places.TargetsOf(places.Members[0])[0].Lane.Limits.RequestsPerMinute, Is.EqualTo(60));
            Assert.That(places.TargetsOf(places.Members[1])[0].Lane.Limits.TokensPerMinute, Is.EqualTo(1000));
        });
    }

    // Each row: what is written for the route or the model, and what the message must say.
    [TestCase(""" "Hedging": true """, "Ensemble:Compositions:main:Hedging: 'True' is no hedging; write")]
    [TestCase(""" "Hedging": { "Quantil": 0.9 } """, "Hedging:Quantil: unknown key", "Did you mean 'Quantile'?")]
    [TestCase(""" "Hedging": { "Quantile": 1 } """, "Hedging:Quantile: '1' is not a number from 0.01 to 0.999")]
    [TestCase(""" "MaxAttempts": 0 """, "main:MaxAttempts: '0' is not a whole number from 1")]
    [TestCase(""" "IdleTimeoutSeconds": 0 """, "main:IdleTimeoutSeconds: '0' is not a number from 0.01")]
    [TestCase(""" "ContinueInterrupted": "yes" """, "main:ContinueInterrupted: 'yes' is not true or false")]
    [TestCase(""" "MaxQueue": -1 """, "main:MaxQueue: '-1' is not a whole number from 0")]
    public void WhatIsWrong_IsSaidWithPathValueAndFix(string keys, params string[] said)
    {
        string json = """{"Models":{"a":{"Provider":"fake"}},"Compositions":{"main":{"Kind":"route","Members":"a",""" + keys + "}}}";
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => Services(json).GetRequiredService<IEnsembleClients>().Get("main"))!;
        foreach (string part in said)
        {
            Assert.That(error.Message, Does.Contain(part));
        }
    }

    [TestCase("""{"MaxConcurency":2}""", "Ensemble:Models:a:Limits:MaxConcurency: unknown key")]
    [TestCase("8", "Ensemble:Models:a:Limits: '8' is no limits; write")]
    [TestCase("""{"RequestsPerMinute":0}""", "Ensemble:Models:a:Limits:RequestsPerMinute: '0' is not a whole number from 1")]
    public void WrongLimits_AreSaidWithPathValueAndFix(string limits, string said)
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(
            () => Services("""{"Models":{"a":{"Provider":"fake","Limits":""" + limits + "}}}").GetRequiredService<IEnsembleClients>().Get("a"))!;
        Assert.That(error.Message, Does.Contain(said));
    }

    [Test]
    public void Cascade_RefusesKeysThatItWouldNotObey()
    {
        OptionsValidationException error = Assert.Throws<OptionsValidationException>(() => Services(
            """{"Models":{"a":{"Provider":"fake"}},"Compositions":{"main":{"Kind":"cascade","Members":"a","DeferBelow":{"Agreement":0.6},"Hedging":{"Quantile":0.9}}}}""").GetRequiredService<IEnsembleClients>().Get("main"))!;
        Assert.That(error.Message, Does.Contain("Hedging"));
    }

    private static ServiceProvider Services(string ensemble)
    {
        ConfigurationBuilder builder = new();
        builder.AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($$"""{"Ensemble":{{ensemble}}}""")));
        ServiceCollection services = new();
        services.AddEnsemble(builder.Build());
        services.AddSingleton<IModelProvider>(new NamedProvider("fake"));
        return services.BuildServiceProvider();
    }
}
