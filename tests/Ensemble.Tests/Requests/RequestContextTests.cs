using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Tests;

public class RequestContextTests
{
    private static ChatOptions Options => new ChatOptions { Temperature = 0.5f }.WithEnsemble(r => r with { Tenant = "acme" });

    [Test]
    public void WithEnsemble_CopiesTheOptions_AndBuildsOnWhatTheyHeld()
    {
        ChatOptions plain = new();
        ChatOptions one = plain.WithEnsemble(r => r with { Tenant = "acme" });
        ChatOptions two = one.WithEnsemble(r => r with { Choices = ["a", "b"] });
        Assert.Multiple(() =>
        {
            Assert.That(plain.AdditionalProperties, Is.Null);
            Assert.That(one.GetEnsembleRequest()!.Choices, Is.Null);
            Assert.That((two.GetEnsembleRequest()!.Tenant, two.GetEnsembleRequest()!.Choices!.Count), Is.EqualTo(("acme", 2)));
            Assert.That(((ChatOptions?)null).GetEnsembleRequest(), Is.Null);
        });
    }

    [Test]
    public async Task ForeignMember_NeverSeesTheContext_AndTheCallersOptionsStayAsTheyWere([Values] bool streaming)
    {
        FakeClient foreign = FakeClient.Says("1");
        ChatOptions options = Options;
        _ = await Ask.Router(("a", foreign)).AskAsync(streaming, options: options);
        _ = await new PanelChatClient("jury", [new("a", foreign)]).AskAsync(streaming, options: options);
        Assert.Multiple(() =>
        {
            Assert.That(foreign.Calls.Select(c => c.Options!.GetEnsembleRequest()), Is.All.Null);
            Assert.That(foreign.Calls.Select(c => c.Options!.Temperature), Is.All.EqualTo(0.5f));
            Assert.That(options.GetEnsembleRequest()!.Tenant, Is.EqualTo("acme"));
        });
    }

    [Test]
    public async Task MemberThatUnderstandsIt_SeesTheContext_AlsoThroughAVariationAndAnotherComposition([Values] bool streaming)
    {
        FakeClient own = FakeClient.Says("1").With<IEnsembleMember>(new Marker());
        Member varied = Member.Create([new MemberOptions { Model = "own", Seed = 1 }], _ => own)[0];
        PanelChatClient jury = new("jury", [varied]);
        _ = await Ask.Router(("jury", jury)).AskAsync(streaming, options: Options);
        Assert.That(own.Calls.Single().Options!.GetEnsembleRequest()!.Tenant, Is.EqualTo("acme"));
    }

    [Test]
    public async Task ModelResolvedByName_TakesTheContextOffForAForeignLeaf([Values] bool streaming)
    {
        FakeClient foreign = FakeClient.Says("1"), own = FakeClient.Says("1").With<IEnsembleMember>(new Marker());
        ServiceCollection collection = new();
        collection.AddEnsemble().AddModel("foreign", _ => foreign).AddModel("own", _ => own).AddPanel("both", "foreign, own");
        await using ServiceProvider services = collection.BuildServiceProvider();
        _ = await services.GetRequiredService<IEnsembleClients>().Get("both").AskAsync(streaming, options: Options);
        Assert.Multiple(() =>
        {
            Assert.That(foreign.Calls.Single().Options!.GetEnsembleRequest(), Is.Null);
            Assert.That(own.Calls.Single().Options!.GetEnsembleRequest()!.Tenant, Is.EqualTo("acme"));
        });
    }

    private sealed class Marker : IEnsembleMember
    {
        public string Name => "own";
    }
}
