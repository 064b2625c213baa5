using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

/// <summary>A composition that an application makes in code around a client of a name is told what the name stands for now.</summary>
internal sealed class RulesAfterReloadTests
{
    private readonly NamedProvider _provider = new();

    private readonly IConfigurationRoot _configuration = new ConfigurationBuilder().AddInMemoryCollection(
    [
        new("Ensemble:Models:mini:Provider", "fake"),
        new("Ensemble:Models:mini:Processing", "DE"),
        new("Ensemble:Models:mini:Price:InputPerMillion", "1"),
        new("Ensemble:Models:mini:Price:OutputPerMillion", "4"),
    ]).Build();

    private int Calls => _provider.Made.Sum(model => model.Calls);

    public static IEnumerable<string> Kinds => ["route", "choosing", "own rules", "panel", "cascade", "middleware"];

    [Test]
    public async Task AModelThatAReloadExcludes_IsNotCalled([ValueSource(nameof(Kinds))] string kind, [Values] bool streaming)
    {
        await using ServiceProvider services = Services();
        IChatClient composition = Compose(kind, services.GetRequiredService<IEnsembleClients>().Get("mini"));
        ChatOptions options = Required(kind == "own rules" ? Requirements.None : new() { Regions = ["EU"] });
        _ = await composition.AskAsync(streaming, "x", options);
        int before = Calls;
        Change("Processing", "US");
        Assert.That(async () => await composition.AskAsync(streaming, "x", options), Throws.InstanceOf<EnsembleException>().With.Message.Contains("US").Or.Message.Contains("runs in"));
        Assert.That(Calls, Is.EqualTo(before));
        Change("Processing", "FR");
        _ = await composition.AskAsync(streaming, "x", options);
        Assert.That(Calls, Is.EqualTo(2 * before));
    }

    [Test]
    public async Task APriceThatAReloadRaises_CountsAgainstTheCeiling([ValueSource(nameof(Kinds))] string kind)
    {
        await using ServiceProvider services = Services();
        IChatClient composition = Compose(kind, services.GetRequiredService<IEnsembleClients>().Get("mini"));
        ChatOptions options = Required(new() { MaxUsd = 0.01m });
        options.MaxOutputTokens = 1_000;
        _ = await composition.AskAsync(false, "x", options);
        int before = Calls;
        Change("Price:OutputPerMillion", "400");
        Assert.That(async () => await composition.AskAsync(false, "x", options), Throws.InstanceOf<EnsembleException>());
        Assert.That(Calls, Is.EqualTo(before));
    }

    [Test]
    public async Task ANameThatAReloadTakesAway_IsNothingToBeAsked()
    {
        Shrinking settings = new();
        await using ServiceProvider services = Services(new ConfigurationBuilder().Add(settings).Build());
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        RouterChatClient route = new("main", [new Member("other", clients.Get("other")), new Member("mini", clients.Get("mini"))]);
        ChatOptions options = Required(new() { Regions = ["EU"] });
        Assert.That((await route.GetResponseAsync("x", options)).Text, Is.EqualTo("other"));
        settings.Remove("other");
        Assert.That((await route.GetResponseAsync("x", options)).Text, Is.EqualTo("mini"));
    }

    [Test]
    public void WhatIsKnownOfAMember_IsMadeOnceForAModel()
    {
        using ServiceProvider services = Services();
        Member member = new("m", services.GetRequiredService<IEnsembleClients>().Get("mini"));
        Candidate before = member.Facts!;
        long bytes = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 100; i++)
        {
            _ = member.Facts;
        }

        Assert.That(GC.GetAllocatedBytesForCurrentThread() - bytes, Is.Zero);
        Change("Processing", "US");
        Assert.That(member.Facts, Is.Not.SameAs(before).And.Property(nameof(Candidate.Member)).EqualTo("m"));
    }

    private static IChatClient Compose(string kind, IChatClient model)
    {
        Member member = new("m", model);
        return kind switch
        {
            "choosing" => new RouterChatClient("main", [member], new RouterOptions { Selection = new() }),
            "own rules" => new RouterChatClient("main", [member], new RouterOptions { Selection = new() { Requirements = new() { Regions = ["EU"] } } }),
            "panel" => new PanelChatClient("main", [member]),
            "cascade" => new CascadeChatClient("main", [member, new Member("n", model)], new CascadeOptions { DeferBelow = { Agreement = 0 } }),
            "middleware" => new RouterChatClient("main", [new Member("m", model.AsBuilder().UseFunctionInvocation().Build())], new RouterOptions { Selection = new() }),
            _ => new RouterChatClient("main", [member]),
        };
    }

    private static ChatOptions Required(Requirements requirements) => new ChatOptions().WithEnsemble(request => request with { Requirements = requirements });

    private void Change(string key, string value)
    {
        _configuration["Ensemble:Models:mini:" + key] = value;
        _configuration.Reload();
    }

    private ServiceProvider Services(IConfigurationRoot? configuration = null)
    {
        ServiceCollection collection = new();
        collection.AddLogging();
        collection.AddSingleton<IModelProvider>(_provider);
        collection.AddEnsemble(configuration ?? _configuration);
        return collection.BuildServiceProvider();
    }

    private sealed class Shrinking : ConfigurationProvider, IConfigurationSource
    {
        public Shrinking()
        {
            foreach (string name in new[] { "mini", "other" })
            {
                Data[$"Ensemble:Models:{name}:Provider"] = "fake";
                Data[$"Ensemble:Models:{name}:Processing"] = "DE";
            }
        }

        public IConfigurationProvider Build(IConfigurationBuilder builder) => this;

        public void Remove(string name)
        {
            foreach (string key in Data.Keys.Where(key => key.Contains($":{name}:", StringComparison.Ordinal)).ToArray())
            {
                Data.Remove(key);
            }

            OnReload();
        }
    }
}
