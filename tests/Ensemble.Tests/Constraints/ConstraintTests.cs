using System.Text.Json;
using Ensemble.Tests.Selection;
using Microsoft.Extensions.AI;

namespace Ensemble.Tests.Constraints;

internal sealed class ConstraintTests
{
    private static readonly Requirements None = Requirements.None;

    [Test]
    public void Capability_WhatTheRequestNeeds_MustBeThere()
    {
        ChatOptions tools = new() { Tools = [AIFunctionFactory.Create(() => 1, "one")] };
        Assert.That(Refused(Choosing.Member("m"), None, Choosing.Profile(options: tools)), Is.EqualTo(ConstraintRules.Capability));
        Assert.That(Refused(Choosing.Member("m", can: ModelCapabilities.Tools), None, Choosing.Profile(options: tools)), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m"), new Requirements { Capabilities = ModelCapabilities.LogProbabilities }), Is.EqualTo(ConstraintRules.Capability));
    }

    [Test]
    public void Window_PromptAndAnswer_MustFit()
    {
        RequestProfile profile = Choosing.Profile(new string('x', 900), new ChatOptions { MaxOutputTokens = 100 });
        long input = profile.GetInputTokens(null);
        Assert.That(Refused(Choosing.Member("m", window: input + 100), None, profile), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m", window: input + 99), None, profile), Is.EqualTo(ConstraintRules.Window));
        Assert.That(Refused(Choosing.Member("m", window: null, maxOutput: 1_000), None, profile), Is.EqualTo(ConstraintRules.Window));
    }

    [Test]
    public void OutputLimit_OfTheCaller_MustBeReachable()
    {
        RequestProfile profile = Choosing.Profile(options: new ChatOptions { MaxOutputTokens = 1_001 });
        Assert.That(Refused(Choosing.Member("m", maxOutput: 1_000), None, profile), Is.EqualTo(ConstraintRules.OutputLimit));
        Assert.That(Refused(Choosing.Member("m", maxOutput: 1_001), None, profile), Is.EqualTo(ConstraintRules.None));
    }

    [TestCase("KR", true)]
    [TestCase("koreacentral", true)]
    [TestCase("JP", false)]
    [TestCase("global", false)]
    [TestCase("atlantis", false)]
    [TestCase(null, false)]
    public void Residency_IsWhereInferenceRuns_AndUnknownIsRefused(string? place, bool allowed)
    {
        SelectionMember member = Choosing.Member("m", deployments: [new Deployment { Name = "d", Processing = place }]);
        Assert.That(Refused(member, new Requirements { Regions = ["KR"] }), Is.EqualTo(allowed ? ConstraintRules.None : ConstraintRules.Residency));
    }

    [Test]
    public void Residency_InThisProcess_AlwaysQualifies_ButAnotherMachineMustSayWhereItIs()
    {
        Requirements korea = new() { Regions = ["KR"] };
        Assert.That(Refused(Choosing.Member("m", deployments: [new Deployment { Name = "d", InProcess = true }]), korea), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m", deployments: [new Deployment { Name = "d", SelfHosted = true }]), korea), Is.EqualTo(ConstraintRules.Residency));
    }

    [Test]
    public void Residency_RequiredTwice_IsTheIntersection()
    {
        Requirements both = new Requirements { Regions = ["EU"] }.And(new Requirements { Regions = ["US"] });
        Assert.That(Refused(Choosing.Member("m", deployments: [new Deployment { Name = "d", Processing = "DE" }]), both), Is.EqualTo(ConstraintRules.Residency));
        Assert.That(() => new Requirements { Regions = ["atlantis"] }, Throws.ArgumentException);
        Candidate german = new(Choosing.Member("m"), new Deployment { Name = "d", Processing = "DE" }, memberIndex: 0, near: null);
        Assert.That(new Refusal(ConstraintRules.Residency, german, both, new RequestProfile([])).ToString(), Does.Contain("runs in 'DE', which lies in EU but not in what another rule allows"));
    }

    [Test]
    public void DataPolicy_WhatIsNotPromised_IsRefused()
    {
        Requirements both = new() { DataPolicies = DataPolicies.NoTraining | DataPolicies.ZeroRetention };
        Assert.That(Refused(With(DataPolicies.NoTraining), both), Is.EqualTo(ConstraintRules.DataPolicy));
        Assert.That(Refused(With(DataPolicies.NoTraining | DataPolicies.ZeroRetention), both), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(With(DataPolicies.None), None), Is.EqualTo(ConstraintRules.None));

        static SelectionMember With(DataPolicies policies) => Choosing.Member("m", deployments: [new Deployment { Name = "d", DataPolicies = policies }]);
    }

    [Test]
    public void SensitiveData_StaysLocal()
    {
        Requirements local = new() { KeepLocal = SensitiveData.All };
        SelectionMember hosted = Choosing.Member("m");
        Assert.That(Refused(hosted, local, Choosing.Profile("주민번호는 900101-1234568")), Is.EqualTo(ConstraintRules.SensitiveData));
        Assert.That(Refused(hosted, local, Choosing.Profile("nothing to see")), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(hosted, None, Choosing.Profile("900101-1234568")), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m", deployments: [new Deployment { Name = "d", SelfHosted = true }]), local, Choosing.Profile("900101-1234568")), Is.EqualTo(ConstraintRules.None));
    }

    [Test]
    public void SensitiveData_InToolResultsAndInstructions_IsFoundToo()
    {
        Requirements local = new() { KeepLocal = SensitiveData.Email };
        RequestProfile result = new([new ChatMessage(ChatRole.Tool, [new FunctionResultContent("1", JsonSerializer.SerializeToElement(new { mail = "a@example.com" }))])]);
        RequestProfile call = new([new ChatMessage(ChatRole.Assistant, [new FunctionCallContent("1", "send", new Dictionary<string, object?> { ["to"] = "a@example.com" })])]);
        RequestProfile instructions = Choosing.Profile(options: new ChatOptions { Instructions = "Answer a@example.com" });
        SelectionMember member = Choosing.Member("m", can: ModelCapabilities.Tools);
        Assert.That(Refused(member, local, result), Is.EqualTo(ConstraintRules.SensitiveData));
        Assert.That(Refused(member, local, call), Is.EqualTo(ConstraintRules.SensitiveData));
        Assert.That(Refused(member, local, instructions), Is.EqualTo(ConstraintRules.SensitiveData));
    }

    [Test]
    public void SensitiveData_OfTheApplicationsOwnKind_IsFoundByItsDelegate()
    {
        RequestProfile profile = new([new ChatMessage(ChatRole.User, "project Falcon")], detector: text => text.Contains("Falcon", StringComparison.Ordinal) ? SensitiveData.Custom : SensitiveData.None);
        Assert.That(Refused(Choosing.Member("m"), new Requirements { KeepLocal = SensitiveData.Custom }, profile), Is.EqualTo(ConstraintRules.SensitiveData));
    }

    [Test]
    public void Language_TheVendorMustNameIt_WhenItCanBeTold()
    {
        Requirements match = new() { MatchLanguage = true };
        RequestProfile korean = Choosing.Profile("서울의 날씨는 어떻습니까?");
        Assert.That(Refused(Choosing.Member("m", languages: ["en", "ko"]), match, korean), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m", languages: ["en"]), match, korean), Is.EqualTo(ConstraintRules.Language));
        Assert.That(Refused(Choosing.Member("m"), match, korean), Is.EqualTo(ConstraintRules.Language));
        Assert.That(Refused(Choosing.Member("m"), match, Choosing.Profile("42")), Is.EqualTo(ConstraintRules.None));
    }

    [Test]
    public void Tenant_AllowAndDeny_AreByNameWithoutCase()
    {
        Assert.That(Refused(Choosing.Member("m"), new Requirements { Allow = ["M"] }), Is.EqualTo(ConstraintRules.None));
        Assert.That(Refused(Choosing.Member("m"), new Requirements { Allow = ["other"] }), Is.EqualTo(ConstraintRules.Tenant));
        Assert.That(Refused(Choosing.Member("m"), new Requirements { Allow = [] }), Is.EqualTo(ConstraintRules.Tenant));
        Assert.That(Refused(Choosing.Member("m"), new Requirements { Allow = ["m"], Deny = ["M"] }), Is.EqualTo(ConstraintRules.Tenant));
    }

    [Test]
    public void Placement_OnlyRefuses_AndPreferOnlyOrders()
    {
        SelectionMember[] members = [Choosing.Member("cloud"), Choosing.Member("local", deployments: [new Deployment { Name = "d", InProcess = true }])];
        Assert.That(Names(Placement.OnlyLocal), Is.EqualTo(new[] { "local" }));
        Assert.That(Names(Placement.OnlyCloud), Is.EqualTo(new[] { "cloud" }));
        Assert.That(Names(Placement.PreferLocal), Is.EqualTo(new[] { "local", "cloud" }));
        Assert.That(Names(Placement.PreferCloud), Is.EqualTo(new[] { "cloud", "local" }));
        Assert.That(Choosing.Decide(members, new Requirements { Placement = Placement.OnlyLocal }.And(new Requirements { Placement = Placement.OnlyCloud })).Order, Is.Empty);
        Assert.That(Choosing.Decide(members, new Requirements { Placement = Placement.OnlyLocal }.And(new Requirements { Placement = Placement.PreferCloud })).First, Is.EqualTo("local"));

        IEnumerable<string> Names(Placement placement) => Choosing.Decide(members, new Requirements { Placement = placement }).Order.Select(c => c.Member);
    }

    [Test]
    public void Deadline_RefusesOnlyWhatIsKnownToBeTooSlow()
    {
        SelectionSnapshot snapshot = SelectionSnapshot.Create([Choosing.Member("slow"), Choosing.Member("fast"), Choosing.Member("new")]);
        CandidateSignals[] signals =
        [
            new() { FirstTokenSeconds = 1, SecondsPerToken = 0.1, OutputTokens = 100 }, new() { FirstTokenSeconds = 1, SecondsPerToken = 0.01, OutputTokens = 100 }, new(),
        ];
        Choosing.Choice choice = Choosing.Decide(snapshot, new Requirements { Deadline = TimeSpan.FromSeconds(5) }, signals: signals);
        Assert.That(choice.Refusals, Is.EqualTo(new[] { ConstraintRules.Deadline, ConstraintRules.None, ConstraintRules.None }));
    }

    [Test]
    public void PriceCeiling_LimitsTheAnswer_WhenTheCallerDoesNot()
    {
        // 37 bounded tokens of prompt at $1.25, the dearest rate, and $2 a million: with 1,000 tokens of answer $0.00204625.
        RequestProfile profile = Choosing.Profile("Hello");
        Assert.That(profile.GetInputTokens(null), Is.EqualTo(37));
        Choosing.Choice choice = Choosing.Decide([Choosing.Member("m")], new Requirements { MaxUsd = 0.00204625m }, profile);
        Assert.That(choice.Decision.OutputLimit, Is.EqualTo(999).Or.EqualTo(1_000));
        RequestProfile limited = Choosing.Profile("Hello", new ChatOptions { MaxOutputTokens = 1_001 });
        Assert.That(Refused(Choosing.Member("m"), new Requirements { MaxUsd = 0.00204625m }, limited), Is.EqualTo(ConstraintRules.PriceCeiling));
        Assert.That(Refused(Choosing.Member("m", input: null), new Requirements { MaxUsd = 1m }, limited), Is.EqualTo(ConstraintRules.UnknownPrice));
    }

    [Test]
    public void NobodyLeft_TheError_ListsEveryModelAndTheRuleThatRefusedIt()
    {
        SelectionMember[] members = [Choosing.Member("hosted"), Choosing.Member("blind", deployments: [new Deployment { Name = "d", InProcess = true }])];
        SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
        Requirements requirements = new() { Regions = ["KR"], Capabilities = ModelCapabilities.Vision };
        RequestProfile profile = Choosing.Profile("secret words of the prompt");
        Choosing.Choice choice = Choosing.Decide(snapshot, requirements, profile);
        NoEligibleModelException error = new("chat", [.. snapshot.Candidates.Select((c, i) => new Refusal(choice.Refusals[i], c, requirements, profile))]);
        Assert.That(error.Refusals.Select(r => r.Member), Is.EqualTo(new[] { "hosted", "blind" }));
        Assert.That(error.Message, Does.Contain("hosted: it is unknown where inference runs").And.Contain("blind: lacks Vision").And.Not.Contain("secret words"));
    }

    [Test]
    public void Capability_ThatNobodyKnows_IsRefusedAndSaidToBeUnknown()
    {
        ModelCard unknown = new() { Id = "m", ContextWindow = 1_000 };
        SelectionMember member = new() { Name = "m", Card = unknown, Deployments = [new Deployment { Name = "only" }] };
        Candidate candidate = SelectionSnapshot.Create([member]).Candidates[0];
        Requirements vision = new() { Capabilities = ModelCapabilities.Vision };
        Assert.That(Refused(member, vision), Is.EqualTo(ConstraintRules.Capability));
        Assert.That(
            new Refusal(ConstraintRules.Capability, candidate, vision, Choosing.Profile()).Reason,
            Is.EqualTo("needs Vision, and what it can do is unknown; set Card:Capabilities of the model"));
    }

    [Test]
    public void RequirementsOutOfRange_Throw()
    {
        Assert.That(() => new Requirements { MinQuality = 1.1 }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Requirements { MaxUsd = -1m }, Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => new Requirements { Deadline = TimeSpan.Zero }, Throws.InstanceOf<ArgumentOutOfRangeException>());
    }

    private static ConstraintRules Refused(SelectionMember member, Requirements requirements, RequestProfile? profile = null) =>
        Choosing.Decide([member], requirements, profile).Refusals[0];
}
