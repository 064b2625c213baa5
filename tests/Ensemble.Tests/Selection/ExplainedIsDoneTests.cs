using System.Text;
using System.Text.Json.Nodes;
using CsCheck;
using Ensemble.Testing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests.Selection;

/// <summary>
/// What <c>explain</c> says is what happens, on generated configurations: routes, panels and cascades of models in several places, under
/// names, instructions and limits of their own, with rules of routes, tenants and requests. Everybody fails in turn, so that everybody is asked who may be.
/// </summary>
internal sealed class ExplainedIsDoneTests
{
    private static readonly string?[] Places = [null, "KR", "DE", "EU", "US", "swedencentral", "global"];

    private static readonly string[] Texts = ["what is the name of the fruit that you have", "name three fruits for ada@example.com", "사무실에서 사람들이 이야기하는 주제는 무엇입니까"];

    private static readonly string[] Kinds = ["route", "route", "panel", "cascade"];

    [Test]
    public void APlan_IsAskedInItsOrder_AndNobodyElse() => Gen.Int.Sample(
        seed =>
        {
            Random random = new(seed);
            JsonObject configuration = Configuration(random, isNested: false);
            (string text, ChatOptions options) = Request(random);
            (RouteExplanation explained, List<string>[] called, Exception?[] errors) = Try(configuration, text, options);
            for (int i = 0; i < called.Length; i++)
            {
                // A prompt costs money where it is lost, so a ceiling may end a plan early.
                string[] asked = [.. called[i].Distinct()];
                Assert.That(explained.Plan.Select(ModelOf).Distinct().Take(asked.Length), Is.EqualTo(asked), $"{explained} | {errors[i]}");
                Assert.That(errors[i], explained.Plan.Count == 0 ? Is.TypeOf<NoEligibleModelException>() : Is.TypeOf<AllMembersFailedException>().Or.TypeOf<BudgetExceededException>(), configuration.ToJsonString());
                Assert.That(asked, explained.Plan.Count > 0 && errors[i] is AllMembersFailedException ? Has.Length.EqualTo(explained.Plan.Select(ModelOf).Distinct().Count()) : Has.Length.GreaterThanOrEqualTo(0), $"{explained}");
            }
        },
        iter: 25,
        threads: 1);

    [Test]
    public void WhomExplainRefuses_IsNotCalled_HoweverDeepItStands() => Gen.Int.Sample(
        seed =>
        {
            Random random = new(seed);
            JsonObject configuration = Configuration(random, isNested: true);
            (string text, ChatOptions options) = Request(random);
            (RouteExplanation explained, List<string>[] called, _) = Try(configuration, text, options);
            HashSet<string> ranked = [];
            Collect(explained, ranked);
            Assert.That(called.SelectMany(calls => calls).Distinct(), Is.SubsetOf(ranked), $"{explained} | {configuration.ToJsonString()}");
        },
        iter: 25,
        threads: 1);

    private static void Collect(RouteExplanation explained, HashSet<string> ranked)
    {
        ranked.UnionWith(explained.Candidates.Where(candidate => candidate.Rank is not null).Select(candidate => ModelOf(candidate.Deployment.Name)));
        foreach (RouteExplanation nested in explained.Nested)
        {
            Collect(nested, ranked);
        }
    }

    // The member m1x is the model m1, and m1x/d0 its place m1/d0.
    private static string ModelOf(string member) => member.Replace("x", "", StringComparison.Ordinal);

    private static (RouteExplanation Explained, List<string>[] Called, Exception?[] Errors) Try(JsonObject configuration, string text, ChatOptions options)
    {
        RouteExplanation? explained = null;
        (List<string>[] called, Exception?[] errors) = ([[], []], new Exception?[2]);
        foreach (int streaming in (int[])[0, 1])
        {
            VirtualTime time = new();
            ServiceCollection services = new();
            services.AddSingleton<TimeProvider>(time);
            services.AddSingleton<IModelProvider>(new Failing("hosted", time, called[streaming]));
            services.AddSingleton<IModelProvider>(new Failing("here", time, called[streaming]));
            services.AddEnsemble(new ConfigurationBuilder().AddJsonStream(new MemoryStream(Encoding.UTF8.GetBytes(configuration.ToJsonString()))).Build());
            using ServiceProvider provider = services.BuildServiceProvider();
            IEnsembleClients clients = provider.GetRequiredService<IEnsembleClients>();
            explained ??= clients.Explain("main", [new ChatMessage(ChatRole.User, text)], options);
            errors[streaming] = Assert.Catch(() => time.Run(() => clients.Get("main").AskAsync(streaming == 1, text, options)));
        }

        return (explained!, called, errors);
    }

    private static (string Text, ChatOptions Options) Request(Random random)
    {
        ChatOptions options = new() { MaxOutputTokens = Sometimes(random, 3) ? random.Next(10, 3_000) : null, Tools = Sometimes(random, 8) ? [AIFunctionFactory.Create(() => 1, "count", "Counts.")] : null };
        return (Pick(random, Texts), options.WithEnsemble(request => request with
        {
            Tenant = Sometimes(random, 3) ? "bank" : null,
            Domain = Sometimes(random, 3) ? "law" : null,
            Requirements = new()
            {
                Regions = Sometimes(random, 5) ? ["EU", "KR"] : null,
                MinQuality = Sometimes(random, 5) ? 0.4 : null,
                Deny = Sometimes(random, 5) ? ["m0", "inner"] : [],
                MaxUsd = Sometimes(random, 5) ? 0.003m : null,
                Placement = Sometimes(random, 6) ? Pick(random, Placement.OnlyCloud, Placement.OnlyLocal, Placement.PreferLocal) : Placement.Any,
                MatchLanguage = Sometimes(random, 8),
            },
        }));
    }

    private static JsonObject Configuration(Random random, bool isNested)
    {
        JsonObject models = [];
        for (int i = 0; i < 5; i++)
        {
            models["m" + i] = Model(random);
        }

        JsonObject compositions = new() { ["main"] = Composition(random, isNested ? ["inner", "m0", "m1", "m2"] : ["m0", "m1", "m2", "m3", "m4"], isNested ? Pick(random, Kinds) : "route", chooses: !isNested) };
        if (isNested)
        {
            compositions["inner"] = Composition(random, ["m1", "m2", "m3", "m4"], Pick(random, Kinds), chooses: Sometimes(random, 2));
        }

        JsonObject tenants = new()
        {
            ["bank"] = new JsonObject { ["Require"] = new JsonObject { ["KeepLocal"] = "Email", ["Deny"] = new JsonArray("m4"), ["Allow"] = new JsonArray("m0", "m1", "m2", "m3") } },
            ["Default"] = new JsonObject(),
        };
        return new JsonObject { ["Ensemble"] = new JsonObject { ["Default"] = "main", ["Models"] = models, ["Compositions"] = compositions, ["Tenants"] = tenants } };
    }

    private static JsonObject Model(Random random)
    {
        JsonObject model = new()
        {
            ["Provider"] = Sometimes(random, 5) ? "here" : "hosted",
            ["Price"] = new JsonObject { ["InputPerMillion"] = random.Next(0, 20), ["OutputPerMillion"] = random.Next(0, 40), ["RegionUplift"] = 1.1 },
            ["Quality"] = new JsonObject { ["Default"] = random.Next(0, 11) / 10.0, ["law"] = random.Next(0, 11) / 10.0 },
            ["Processing"] = Pick(random, Places),
            ["Card"] = new JsonObject { ["ContextWindow"] = Pick(random, 100, 2_000, 100_000), ["Capabilities"] = Pick(random, "Tools", "Vision"), ["Languages"] = new JsonArray("en"), ["EnergyClass"] = Pick(random, "Small", "Huge") },
        };
        if (Sometimes(random, 4))
        {
            model["Deployments"] = new JsonObject { ["d0"] = new JsonObject { ["Processing"] = "KR", ["Tier"] = 1 }, ["d1"] = new JsonObject { ["Processing"] = "DE" } };
        }

        return model;
    }

    private static JsonObject Composition(Random random, string[] names, string kind, bool chooses)
    {
        JsonArray members = [];
        foreach (string name in names.OrderBy(_ => random.Next()))
        {
            JsonObject member = new() { ["Model"] = name, ["Name"] = Sometimes(random, 4) ? name + "x" : name };
            if (Sometimes(random, 5))
            {
                member["MaxOutputTokens"] = random.Next(5, 500);
            }

            if (Sometimes(random, 5))
            {
                member["System"] = "Answer as briefly as you can.";
            }

            members.Add(member);
        }

        JsonObject composition = new() { ["Kind"] = kind, ["Members"] = members };
        if (kind == "route" && chooses)
        {
            composition["Objective"] = Pick(random, "order", "best", "cheapest", "greenest", "weighted cost 1 quality 2");
            composition["Seed"] = random.Next(5);
        }

        if (kind == "panel")
        {
            composition["Choices"] = new JsonArray("yes", "no");
        }

        if (kind == "cascade")
        {
            composition["DeferBelow"] = new JsonObject { ["ValidJson"] = true };
        }

        return composition;
    }

    private static bool Sometimes(Random random, int oneOf) => random.Next(oneOf) == 0;

    private static T Pick<T>(Random random, params T[] among) => among[random.Next(among.Length)];

    private sealed class Failing(string name, TimeProvider time, List<string> called) : IModelProvider
    {
        public string Name => name;

        public bool RunsInProcess => name == "here";

        public IReadOnlyCollection<string> SettingNames => [];

        public IChatClient CreateClient(ModelRegistration model, IServiceProvider services) => new ScriptedMember(model.Name, time).Always(_ =>
        {
            called.Add(model.Name);
            return AnswerScript.Http(503);
        });
    }
}
