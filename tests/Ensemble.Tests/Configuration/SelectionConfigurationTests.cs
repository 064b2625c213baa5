using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Ensemble.Tests;

public class SelectionConfigurationTests
{
    private const string Models = """
        "Models": {
          "home": { "Provider": "inprocess", "Quality": 0.5 },
          "small": { "Provider": "fake", "Price": { "InputPerMillion": 0.1, "OutputPerMillion": 0.4 }, "Quality": { "Default": 0.7, "code": 0.4 }, "Processing": "eastus", "DataPolicies": [ "NoTraining" ] },
          "large": { "Provider": "fake", "Price": { "InputPerMillion": 5, "OutputPerMillion": 25 }, "Quality": 0.9, "Processing": "koreacentral", "DataPolicies": "NoTraining, ZeroRetention", "Card": { "Capabilities": [ "Vision", "Tools" ] } } }
        """;

    // The rules, the question, and who answers; empty for nobody.
    [TestCase(""" "Objective": "cheapest" """, "hello", "home")]
    [TestCase(""" "Objective": "cheapest", "MinQuality": 0.6 """, "hello", "small")]
    [TestCase(""" "Objective": "cheapest", "MinQuality": 0.8 """, "hello", "large")]
    [TestCase(""" "Objective": "best" """, "hello", "large")]
    [TestCase(""" "Objective": "best", "Require": { "MaxUsd": 0.001 } """, "hello", "small")]
    [TestCase(""" "Objective": "best", "Require": { "KeepLocal": [ "Email" ] } """, "write to ada@example.com", "home")]
    [TestCase(""" "Objective": "best", "Require": { "KeepLocal": [ "Email" ] } """, "hello", "large")]
    [TestCase(""" "Objective": "cheapest", "Require": { "Regions": [ "KR" ], "Placement": "OnlyCloud" } """, "hello", "large")]
    [TestCase(""" "Objective": "cheapest", "Require": { "DataPolicies": "ZeroRetention", "Placement": "onlycloud" } """, "hello", "large")]
    [TestCase(""" "Objective": "cheapest", "Require": { "Capabilities": [ "vision" ] } """, "hello", "large")]
    [TestCase(""" "Objective": "cheapest", "Require": { "Deny": [ "home" ] } """, "hello", "small")]
    [TestCase(""" "Objective": "best", "Require": { "Allow": [ "home", "small" ] } """, "hello", "small")]
    [TestCase(""" "Objective": "weighted cost 0 quality 1" """, "hello", "large")]
    [TestCase(""" "Require": { "KeepLocal": [ "Email" ], "Placement": "OnlyCloud" } """, "write to ada@example.com", "")]
    public async Task Json_Chooses(string rules, string question, string expected)
    {
        using ServiceProvider services = Services(Route(rules));
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        RouteExplanation explained = clients.Explain("main", [new ChatMessage(ChatRole.User, question)]);
        Assert.That(explained.Plan is [var first, ..] ? first : "", Is.EqualTo(expected), explained.ToString());
        if (expected.Length == 0)
        {
            Assert.That(async () => await clients.Get("main").GetResponseAsync(question), Throws.InstanceOf<NoEligibleModelException>());
            return;
        }

        Assert.That((await clients.Get("main").GetResponseAsync(question)).Text, Is.EqualTo(expected));
    }

    // Each row: what is written, and what the message must say.
    [TestCase("""{"Models":{"a":{"Provider":"fake","Price":{"InputPerMilion":1,"OutputPerMillion":1}}}}""", "Ensemble:Models:a:Price:InputPerMilion: unknown key", "Did you mean 'InputPerMillion'?")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Price":{"InputPerMillion":-1,"OutputPerMillion":1}}}}""", "Ensemble:Models:a:Price:InputPerMillion: '-1' is not a number from 0")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Price":"cheap"}}}""", "Ensemble:Models:a:Price: 'cheap' is no price; write")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Price":{"InputPerMillion":1,"OutputPerMillion":1,"Tiers":[{"AboveInputTokens":5}]}}}}""", "Ensemble:Models:a:Price:Tiers:0: a tier needs")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":80}}}""", "Ensemble:Models:a:Quality: '80' is not a number from 0 to 1")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":{"code":"good"}}}}""", "Ensemble:Models:a:Quality:code: 'good' is not a number from 0 to 1")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Processing":"Atlantis"}}}""", "Ensemble:Models:a:Processing: 'Atlantis' is no place", "EU")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","DataPolicies":["NoTrainng"]}}}""", "Ensemble:Models:a:DataPolicies: 'NoTrainng' is unknown", "Did you mean 'NoTraining'?")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Card":{"Window":5}}}}""", "Ensemble:Models:a:Card:Window: unknown key", "ContextWindow")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Card":{"Languages":["Korean"]}}}}""", "Ensemble:Models:a:Card:Languages: 'Korean' is no language")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Card":{"ActiveParameters":8000000000}}}}""", "Ensemble:Models:a:Card:ActiveParameters: '8000000000' is not a number from 0 to 1000000, in billions.")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Card":{"EnergyClass":"Hug"}}}}""", "Did you mean 'Huge'?")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":{"east":{"Quality":1}}}}}""", "Ensemble:Models:a:Deployments:east:Quality: unknown key")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":{"east":{"Provider":"openai"}}}}}""", "Ensemble:Models:a:Deployments:east:Provider: 'openai' is not registered")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Region":["EU"]}}}}""", "Ensemble:Compositions:r:Require:Region: unknown key", "Did you mean 'Regions'?")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Regions":["EUU"]}}}}""", "Ensemble:Compositions:r:Require:Regions: 'EUU' is no place")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Regions":"EU"}}}}""", "Ensemble:Compositions:r:Require:Regions: expected an array")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":[]}}}}""", "Ensemble:Compositions:r:Require:Allow: empty", "leave the key out to allow all")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":null}}}}""", "Ensemble:Compositions:r:Require:Allow: empty")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Regions":[]}}}}""", "Ensemble:Compositions:r:Require:Regions: empty", "or name what is allowed")]
    [TestCase("""{"Tenants":{"acme":{"Require":{"allow":[]}}}}""", "Ensemble:Tenants:acme:Require:Allow: empty")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"MaxUsd":"free"}}}}""", "Ensemble:Compositions:r:Require:MaxUsd: 'free' is not a number")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Placement":"LocalOnly"}}}}""", "Ensemble:Compositions:r:Require:Placement: 'LocalOnly' is unknown", "OnlyLocal")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":"EU"}}}""", "Ensemble:Compositions:r:Require: 'EU' is no set of rules")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Balancing":"RoundRobin"}}}""", "Ensemble:Compositions:r:Balancing: 'RoundRobin' is unknown", "PowerOfTwo")]
    [TestCase("""{"Compositions":{"p":{"Kind":"panel","Members":"a","Require":{"Regions":["EU"]}}}}""", "Ensemble:Compositions:p:Require: unknown key")]
    [TestCase("""{"Tenants":{"acme":{"Require":{"Dney":["a"]}}}}""", "Ensemble:Tenants:acme:Require:Dney: unknown key", "Did you mean 'Deny'?")]
    [TestCase("""{"Tenants":{"acme":{"Objective":"fast"}}}""", "Ensemble:Tenants:acme:Objective: 'fast' is unknown")]
    [TestCase("""{"Tenants":{"bank":null}}""", "Ensemble:Tenants:bank: holds no rule", "\"Placement\": \"Any\"")]
    [TestCase("""{"Tenants":{"bank":{}}}""", "Ensemble:Tenants:bank: holds no rule")]
    [TestCase("""{"Tenants":{"bank":{"Require":null}}}""", "Ensemble:Tenants:bank:Require: holds no rule")]
    [TestCase("""{"Tenants":{"Default":{"Require":{}}}}""", "Ensemble:Tenants:Default:Require: holds no rule")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":null}}}""", "Ensemble:Compositions:r:Require: holds no rule")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"Deny":[]}}}}""", "Ensemble:Tenants:bank:Require:Deny: set to nothing")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"KeepLocal":null}}}}""", "Ensemble:Tenants:bank:Require:KeepLocal: set to nothing")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"Placement":""}}}}""", "Ensemble:Tenants:bank:Require:Placement: set to nothing")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"MinQuality":0.5}}}}""", "Ensemble:Compositions:r:Require:MinQuality: stands beside Require, one level up")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Hedging":{"AfterSeconds":2}}}}""", "Ensemble:Compositions:r:Hedging:AfterSeconds: unknown key. Did you mean 'ShortestDelaySeconds'?")]
    [TestCase("""{"Embeddings":{"e":{"Price":{"OutputPerMillion":1}}}}""", "Ensemble:Embeddings:e:Price:OutputPerMillion: unknown key", "Ensemble:Embeddings:e:Price: the price of an embedding model needs InputPerMillion")]
    [TestCase("""{"Embeddings":{"e":{"Price":"cheap"}}}""", "Ensemble:Embeddings:e:Price: 'cheap' is no price")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Tenants":{"acme":{"Require":{"Deny":["b"]}}},"Compositions":{"r":{"Kind":"route","Members":"a"}}}""", "Ensemble:Tenants:acme: Allow or Deny names 'b'")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"KeepLocal":["Email","Custom"]}}}}""", "Ensemble:Compositions:r:Require:KeepLocal: 'Custom'", "SensitiveTextDetector")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"KeepLocal":"Custom"}}}}""", "Ensemble:Tenants:bank:Require:KeepLocal: 'Custom'")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"KeepLocal":"None"}}}}""", "Ensemble:Tenants:bank:Require:KeepLocal: 'None' is no rule", "Email, Phone")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Capabilities":["none"]}}}}""", "Ensemble:Compositions:r:Require:Capabilities: 'None' is no rule")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Balancing":"Nearest"}}}""", "Ensemble:Compositions:r:Balancing: 'Nearest' needs the place", "\"Near\": \"KR\"")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Near":"KR"}}}""", "Ensemble:Compositions:r:Near: 'KR' counts with", "\"Balancing\": \"Nearest\"")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":["a"],"Deny":["A"]}}}}""", "Ensemble:Compositions:r:Require:Deny: 'A' stands in Allow too")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"Allow":["a"],"Deny":["a"]}}}}""", "Ensemble:Tenants:bank:Require:Deny: 'a' stands in Allow too")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":["R"]}}}}""", "Ensemble:Compositions:r:Require:Allow: 'r' is the route itself; name its members: a.")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Deny":["r"]}}}}""", "Ensemble:Compositions:r:Require:Deny: 'r' is the route itself")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted cost 1 COST 2"}}}""", "Ensemble:Compositions:r:Objective: 'weighted cost 1 COST 2': the weight 'COST' stands twice")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted cost 0"}}}""", "no weight is above 0")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted"}}}""", "no weight is above 0")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted cost"}}}""", "the weight 'cost' has no number behind it")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted cost -1"}}}""", "the weight 'cost' is '-1'; give a number of 0 or more")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"weighted qualty 1"}}}""", "'qualty' is no weight. Did you mean 'quality'?")]
    [TestCase("""{"Models":{"h":{"Provider":"inprocess"},"s":{"Provider":"own"}},"Compositions":{"r":{"Kind":"route","Members":"h, s","Require":{"Placement":"OnlyCloud"}}}}""", "Ensemble:Compositions:r: its rules refuse every member", "h: only hosted models are allowed; s: only hosted models are allowed")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Processing":"US"},"b":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a, b","Require":{"Regions":["KR"]}}}}""", "a: inference runs in 'US', which does not lie in KR; b: it is unknown where inference runs")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":["b"]}}}}""", "a: it is not among those allowed")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":{"Default":0.5,"law":0.6}}},"Compositions":{"r":{"Kind":"route","Members":"a","MinQuality":0.7}}}""", "a: its quality of 0.6 is below 0.7")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Tenants":{"bank":{"MinQuality":0.5}},"Compositions":{"p":{"Kind":"panel","Members":"a*2"}}}""", "Ensemble:Tenants:bank: MinQuality needs the Quality of every member", "\"a\": { \"Quality\": 0.0 }")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Tenants":{"bank":{"MinQuality":0.5}},"Compositions":{"r":{"Kind":"route","Members":"a"}}}""", "Ensemble:Tenants:bank: MinQuality needs the Quality of every member")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Tenants":{"bank":{"Objective":"best"}},"Compositions":{"r":{"Kind":"route","Members":"a"}}}""", "Ensemble:Tenants:bank: the objective best needs the Quality of every member")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake","Deployments":{"x":{},"y":{}}}},"Compositions":{"r":{"Kind":"route","Members":"a, b","Objective":"cheapest"}}}""", "Ensemble:Compositions:r: the objective cheapest needs a price, and no member has one", "Add under Ensemble:Models", "\"a\": { \"Price\": { \"InputPerMillion\": 0.0, \"OutputPerMillion\": 0.0 } }, \"b\": { \"Price\"")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":0.5}},"Compositions":{"r":{"Kind":"route","Members":"a*2","Objective":"weighted quality 1 cost 0.5"}}}""", "Ensemble:Compositions:r: the objective best by weight", "needs a price")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"MaxUsd":0.01}}}}""", "Ensemble:Compositions:r: MaxUsd needs a price")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Tenants":{"bank":{"Objective":"cheapest"}},"Compositions":{"r":{"Kind":"route","Members":"a"}}}""", "Ensemble:Tenants:bank: the objective cheapest needs a price")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Placement":"OnlyLocal, OnlyCloud"}}}}""", "Ensemble:Compositions:r:Require:Placement: 'OnlyLocal, OnlyCloud' is more than one; write one of Any, PreferLocal")]
    [TestCase("""{"Tenants":{"bank":{"Require":{"Placement":"PreferLocal,OnlyCloud"}}}}""", "Ensemble:Tenants:bank:Require:Placement: 'PreferLocal,OnlyCloud' is more than one")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Balancing":"LeastBusy, PowerOfTwo"}}}""", "Ensemble:Compositions:r:Balancing: 'LeastBusy, PowerOfTwo' is more than one")]
    [TestCase("""{"Tenants":{"bank":"EU"}}""", "Ensemble:Tenants:bank: 'EU' is no tenant; write { \"Require\"")]
    [TestCase("""{"Tenants":["bank"]}""", "Ensemble:Tenants:0: 'bank' is no tenant")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Card":"gpt-5"}}}""", "Ensemble:Models:a:Card: 'gpt-5' is no card; write { \"ContextWindow\"")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":{"east":"EU"}}}}""", "Ensemble:Models:a:Deployments:east: 'EU' is no deployment; write { \"Processing\"")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":"east"}}}""", "Ensemble:Models:a:Deployments: expected sections with names")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"s":{"Kind":"semantic","Members":"a","Embeddings":"e","Otherwise":"b","Routes":{"aa":["x","y"]}}}}""", "Ensemble:Compositions:s:Otherwise: 'b' is no member. Did you mean 'a'?", "Ensemble:Compositions:s:Routes:aa: 'aa' is no member. Did you mean 'a'? Name one of a, or add it to Members.")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"s":{"Kind":"semantic","Members":"a","Embeddings":"e","Otherwise":"a","Routes":{"a":["x","y"]},"Scoring":"Mean, Regression"}}}""", "Ensemble:Compositions:s:Scoring: 'Mean, Regression' is more than one")]
    [TestCase("""{"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Allow":[["a"]]}}}}""", "Ensemble:Compositions:r:Require:Allow:0: expected a string, found a section or an array")]
    public void Mistake_IsNamedWithItsPathAndTheFix(string ensemble, params string[] parts)
    {
        using ServiceProvider services = Services(ensemble);
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => _ = services.GetRequiredService<IEnsembleClients>().DefaultName)!;
        foreach (string part in parts)
        {
            Assert.That(failure.Message, Does.Contain(part));
        }

        Assert.That(failure.Failures, Is.Unique);
    }

    // A second error would send the reader to a place where nothing is wrong.
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":0.5}},"Compositions":{"r":{"Kind":"route","Members":"a, bb","Objective":"best"}}}""", "Ensemble:Compositions:r:Members: 'bb' is no model")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Processing":"US"}},"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Regions":["Germany"]}}}}""", "Ensemble:Compositions:r:Require:Regions: 'Germany' is no place")]
    [TestCase("""{"Tenants":{"bank":"EU"}}""", "Ensemble:Tenants:bank: 'EU' is no tenant")]
    public void OneMistake_IsOneError(string ensemble, string start)
    {
        using ServiceProvider services = Services(ensemble);
        OptionsValidationException failure = Assert.Throws<OptionsValidationException>(() => _ = services.GetRequiredService<IEnsembleClients>().DefaultName)!;
        Assert.That(failure.Failures.Single(), Does.StartWith(start));
    }

    // What only looks like one of the mistakes above.
    [TestCase("""{"Models":{"a":{"Provider":"fake","Processing":"US"},"h":{"Provider":"inprocess"}},"Compositions":{"r":{"Kind":"route","Members":"a, h","Require":{"Regions":["KR"],"KeepLocal":"All"},"Balancing":"Nearest","Near":"KR"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"}},"Compositions":{"r":{"Kind":"route","Members":"a*2","Require":{"Allow":["a#2"]}}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"h":{"Provider":"inprocess"}},"Tenants":{"bank":{"Require":{"Deny":["r"],"Placement":"OnlyCloud"}}},"Compositions":{"r":{"Kind":"route","Members":"h"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Quality":0.5}},"Tenants":{"bank":{"MinQuality":0.5}},"Compositions":{"p":{"Kind":"panel","Members":"a*2, r"},"r":{"Kind":"route","Members":"a"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":{"us":{"Processing":"US"},"kr":{"Processing":"KR"}}}},"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"Regions":["KR"]}}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake","Price":{"InputPerMillion":1,"OutputPerMillion":1}}},"Compositions":{"r":{"Kind":"route","Members":"a, b","Objective":"cheapest"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"h":{"Provider":"inprocess"}},"Compositions":{"r":{"Kind":"route","Members":"a, h","Objective":"cheapest"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","SelfHosted":true}},"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"cheapest"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake","Deployments":{"x":{},"y":{"Price":{"InputPerMillion":1,"OutputPerMillion":1}}}}},"Compositions":{"r":{"Kind":"route","Members":"a","Objective":"cheapest"}}}""")]
    [TestCase("""{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake","Price":{"InputPerMillion":1,"OutputPerMillion":1}}},"Tenants":{"bank":{"Objective":"cheapest"}},"Compositions":{"r":{"Kind":"route","Members":"a"},"s":{"Kind":"route","Members":"b"}}}""")]
    public void WhatIsStrictAndRight_IsNoMistake(string ensemble)
    {
        using ServiceProvider services = Services(ensemble);
        Assert.That(() => services.GetRequiredService<IEnsembleClients>().DefaultName, Throws.Nothing);
    }

    [Test]
    public void CustomData_IsNoMistakeWhereADetectorIsRegistered()
    {
        ServiceCollection services = new();
        using MemoryStream json = new(Encoding.UTF8.GetBytes("""{"Ensemble":{"Models":{"a":{"Provider":"fake"}},"Tenants":{"bank":{"Require":{"KeepLocal":"Custom"}}},"Compositions":{"r":{"Kind":"route","Members":"a","Require":{"KeepLocal":["Custom"]}}}}}"""));
        services.AddEnsemble(new ConfigurationBuilder().AddJsonStream(json).Build());
        services.AddSingleton<IModelProvider>(new NamedProvider("fake"));
        services.AddSingleton(new SensitiveTextDetector(static _ => SensitiveData.None));
        using ServiceProvider provider = services.BuildServiceProvider();
        Assert.That(() => provider.GetRequiredService<IEnsembleClients>().DefaultName, Throws.Nothing);
    }

    [TestCase(""" "MinQuality": 0.8 """, "MinQuality needs the Quality of every member")]
    [TestCase(""" "Objective": "best" """, "the objective")]
    public void QualityThatDecidesAndIsNotGiven_IsAnError_ThatPrintsTheLinesToAdd(string rules, string start)
    {
        using ServiceProvider services = Services($$$"""{"Models":{"a":{"Provider":"fake"},"b":{"Provider":"fake","Quality":0.7}},"Compositions":{"r":{"Kind":"route","Members":"a, b",{{{rules}}} } } }""");
        Assert.That(
            () => services.GetRequiredService<IEnsembleClients>().DefaultName,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("Ensemble:Compositions:r: " + start).And.Message.Contains("with your figures: \"a\": { \"Quality\": 0.0 }."));
    }

    [TestCase(""" "MinQuality": 0.7 """)]
    [TestCase(""" "Objective": "best" """)]
    public void QualityOfSomeDomainsOnly_IsAnError_ThatPrintsTheDefaultToAdd(string rules)
    {
        using ServiceProvider services = Services($$$"""{"Models":{"a":{"Provider":"fake","Quality":{"law":0.6}},"b":{"Provider":"fake","Quality":0.7}},"Compositions":{"r":{"Kind":"route","Members":"a, b",{{{rules}}} } } }""");
        Assert.That(
            () => services.GetRequiredService<IEnsembleClients>().DefaultName,
            Throws.InstanceOf<OptionsValidationException>().With.Message.Contains("with your figures: \"a\": { \"Quality\": { \"Default\": 0.0, \"law\": 0.6 } }."));
    }

    [Test]
    public void Tenant_HasRulesAndAnObjectiveOfItsOwn_AndAnotherNameOfAModelDoesNotGetAroundThem()
    {
        using ServiceProvider services = Services($$"""
            { {{Models}},
              "Tenants": { "bank": { "Require": { "Deny": [ "large" ] } }, "lab": { "Objective": "best", "Require": { "Placement": "OnlyCloud" } } },
              "Compositions": { "main": { "Kind": "route", "Members": [ { "Model": "large", "Name": "clever", "System": "Be clever." }, "home" ] } } }
            """);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        Assert.Multiple(() =>
        {
            Assert.That(Plan(clients, null), Is.EqualTo(new[] { "clever", "home" }));
            Assert.That(Plan(clients, "bank"), Is.EqualTo(new[] { "home" }));
            Assert.That(Plan(clients, "lab"), Is.EqualTo(new[] { "clever" }));
            Assert.That(clients.Explain("main", [], Of("lab")).Objective, Is.SameAs(Objective.Best));
        });
    }

    [TestCase("""{ "Default": { "Require": { "Placement": "Any" } }, "kr": { "Require": { "Regions": [ "KR" ] } } }""")]
    [TestCase("""{ "Default": {}, "kr": { "Objective": "cheapest", "Require": { "Regions": [ "KR" ] } } }""")]
    public async Task Tenants_DoNotKeepARouteFromCompositions_AndBindWhatTheseAsk(string tenants)
    {
        using ServiceProvider services = Services($$"""
            { {{Models}}, "Tenants": {{tenants}},
              "Compositions": { "inner": { "Kind": "route", "Members": "small, large" }, "jury": { "Kind": "panel", "Members": "small*2" }, "main": { "Kind": "route", "Members": "jury, inner" } } }
            """);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        Assert.That((await clients.Get("main").GetResponseAsync("hello")).Text, Is.EqualTo("small"));
        Assert.That((await clients.Get("main").GetResponseAsync("hello", Of("kr"))).Text, Is.EqualTo("large"));
        Assert.That((await clients.Get("main").GetStreamingResponseAsync("hello", Of("kr")).ToChatResponseAsync()).Text, Is.EqualTo("large"));
    }

    [Test]
    public async Task DeploymentsOfAModel_AreWeighedOneByOne_AndTheNextTierAnswersWhenTheFirstIsDown()
    {
        using ServiceProvider services = Services("""
            { "Models": { "mini": { "Provider": "fake", "Says": "hi", "Price": { "InputPerMillion": 1, "OutputPerMillion": 1 }, "Deployments": {
                "us": { "Processing": "eastus", "Tier": 1, "Says": "from us" },
                "kr": { "Processing": "koreacentral", "Down": "yes" } } } },
              "Compositions": {
                "anywhere": { "Kind": "route", "Members": "mini", "Objective": "cheapest" },
                "american": { "Kind": "route", "Members": "mini", "Objective": "cheapest", "Require": { "Regions": [ "US" ] } } } }
            """);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        Assert.That(Plan(clients, null, "anywhere"), Is.EqualTo(new[] { "mini/kr", "mini/us" }));
        Assert.That(Plan(clients, null, "american"), Is.EqualTo(new[] { "mini/us" }));
        ChatResponse response = await clients.Get("anywhere").GetResponseAsync("hello");
        Assert.That(response.Text, Is.EqualTo("from us"));
        Assert.That(response.GetReceipt()!.Attempts.Select(attempt => (attempt.Member, attempt.Outcome)), Is.EqualTo(new[] { ("mini/kr", AttemptOutcome.Failed), ("mini/us", AttemptOutcome.Answered) }));
        Assert.That((await clients.Get("mini").GetResponseAsync("hello")).Text, Is.EqualTo("from us"));
    }

    [Test]
    public void CostsNothing_InProcessAndOnOwnHardware_AndAnUnknownPriceIsRefusedVisibly()
    {
        using ServiceProvider services = Services("""
            { "Models": { "a": { "Provider": "inprocess" }, "b": { "Provider": "own" }, "c": { "Provider": "fake" }, "d": { "Provider": "fake", "SelfHosted": true }, "e": { "Provider": "own", "Price": { "InputPerMillion": 1, "OutputPerMillion": 2 } } },
              "Compositions": { "main": { "Kind": "route", "Members": "a, b, c, d, e", "Objective": "cheapest" } } }
            """);
        RouteExplanation explained = services.GetRequiredService<IEnsembleClients>().Explain("main", [new ChatMessage(ChatRole.User, "hello")]);
        Dictionary<string, CandidateExplanation> found = explained.Candidates.ToDictionary(candidate => candidate.Member);
        Assert.Multiple(() =>
        {
            Assert.That(new[] { "a", "b", "d" }.Select(name => found[name].ExpectedUsd), Is.All.EqualTo(0m));
            Assert.That(found["e"].ExpectedUsd, Is.GreaterThan(0m));
            Assert.That(found["c"].ExpectedUsd, Is.Null);
            Assert.That(found["c"].Rank, Is.Null);
            Assert.That(explained.Plan, Does.Not.Contain("c"));
            Assert.That(explained.ToString(), Does.Contain("price").And.Contain("unknown"));
        });
    }

    [Test]
    public void CardAndPrice_ComeFromTheCatalog_ByProviderAndId_AndTheUsersCountFirst()
    {
        ModelCard listed = ModelCatalog.Default.Cards.First(card => card is { Provider: "openai", Price.IsKnown: true, ContextWindow: not null });
        ModelOptions options = new() { Provider = "openai", Model = listed.Id };
        SelectionMember member = ModelDescriber.Describe(options.Register("m", "x"), _ => null, ModelCatalog.Default);
        Assert.That((member.Card.ContextWindow, member.Card.Price), Is.EqualTo((listed.ContextWindow, listed.Price)));
        options.Card.ContextWindow = 7;
        options.Price = Price.Local;
        member = ModelDescriber.Describe(options.Register("m", "x"), _ => null, ModelCatalog.Default);
        Assert.That((member.Card.ContextWindow, member.Card.MaxOutputTokens, member.Deployments[0].Price), Is.EqualTo((7L, listed.MaxOutputTokens, Price.Local)));
    }

    [Test]
    public void Explain_AsksNobody_NorMakesAClient_AndNamesEachRule()
    {
        NamedProvider hosted = new();
        using ServiceProvider services = Services(Route(""" "Objective": "cheapest", "MinQuality": 0.6, "Require": { "Regions": [ "KR" ] } """), hosted);
        IEnsembleClients clients = services.GetRequiredService<IEnsembleClients>();
        RouteExplanation explained = clients.Explain("MAIN", [new ChatMessage(ChatRole.User, "hello")]);
        CandidateExplanation small = explained.Candidates.Single(candidate => candidate.Member == "small");
        Assert.Multiple(() =>
        {
            Assert.That(hosted.Made, Is.Empty);
            Assert.That(explained.Plan, Is.EqualTo(new[] { "large" }));
            Assert.That(small.Verdicts.Where(verdict => verdict.Refusal is not null).Select(verdict => verdict.Rule), Is.EqualTo(new[] { "Residency" }));
            Assert.That(small.Verdicts, Has.Count.EqualTo(Constraint.All.Length));
            Assert.That(small.Quality, Is.EqualTo(0.7));
            Assert.That(clients.Explain("home", []).Plan, Is.EqualTo(new[] { "home" }));
            Assert.That(() => clients.Explain("mian", []), Throws.InstanceOf<EnsembleException>().With.Message.Contains("Did you mean 'main'?"));
        });
    }

    [Test]
    public async Task FactsGivenInCode_CountLikeThoseOfTheConfiguration()
    {
        ServiceCollection collection = new();
        collection.AddEnsemble()
            .AddModel("dear", _ => FakeClient.Says("dear"), model => (model.Price, model.Card.ContextWindow) = (new Price { InputPerMillion = 9, OutputPerMillion = 9 }, 1_000))
            .AddModel("fair", _ => FakeClient.Says("fair"), model => (model.Price, model.Card.ContextWindow) = (new Price { InputPerMillion = 1, OutputPerMillion = 1 }, 1_000))
            .AddRouter("main", "dear, fair", router => router.Selection = new() { Objective = Objective.Cheapest });
        await using ServiceProvider services = collection.BuildServiceProvider();
        Assert.That((await services.GetRequiredKeyedService<IChatClient>("main").GetResponseAsync("hello")).Text, Is.EqualTo("fair"));
    }

    private static string Route(string rules) => $$"""{ {{Models}}, "Compositions": { "main": { "Kind": "route", "Members": "large, small, home", {{rules}} } } }""";

    private static ChatOptions Of(string? tenant) => new ChatOptions().WithEnsemble(request => request with { Tenant = tenant });

    private static IReadOnlyList<string> Plan(IEnsembleClients clients, string? tenant, string name = "main") =>
        clients.Explain(name, [new ChatMessage(ChatRole.User, "hello")], Of(tenant)).Plan;

    private static ServiceProvider Services(string ensemble, NamedProvider? hosted = null)
    {
        ServiceCollection collection = new();
        collection.AddSingleton<IModelProvider>(hosted ?? new NamedProvider());
        collection.AddSingleton<IModelProvider>(new NamedProvider("inprocess"));
        collection.AddSingleton<IModelProvider>(new NamedProvider("own"));
        collection.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes($"{{\"Ensemble\":{ensemble}}}"))).Build());
        return collection.BuildServiceProvider();
    }
}
