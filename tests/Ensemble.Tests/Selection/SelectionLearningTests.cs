namespace Ensemble.Tests.Selection;

internal sealed class SelectionLearningTests
{
    private readonly SelectionSnapshot _snapshot = SelectionSnapshot.Create(
        [Choosing.Member("a", deployments: [new Deployment { Name = "one" }, new Deployment { Name = "two" }]), Choosing.Member("b")]);

    [Test]
    public void BeforeAnyAnswer_NothingIsKnown_AndAFewParagraphsAreExpected()
    {
        CandidateSignals[] signals = Learned(_ => { });
        Assert.That(signals.Select(s => s.FirstTokenSeconds), Has.All.NaN);
        Assert.That(signals.Select(s => s.SecondsPerToken), Has.All.NaN);
        Assert.That(signals.Select(s => s.OutputTokens), Has.All.EqualTo(CandidateSignals.DefaultOutputTokens));
    }

    [Test]
    public void TheLengthOfAnswers_IsLearnedForTheModel_AndTheSpeedForTheDeployment()
    {
        CandidateSignals[] signals = Learned(learning => learning.Learn(0, 100, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(3)));
        Assert.That(signals[0].OutputTokens, Is.EqualTo(100));
        Assert.That(signals[1].OutputTokens, Is.EqualTo(100));
        Assert.That(signals[2].OutputTokens, Is.EqualTo(CandidateSignals.DefaultOutputTokens));
        Assert.That(signals[0].FirstTokenSeconds, Is.EqualTo(1));
        Assert.That(signals[0].SecondsPerToken, Is.EqualTo(0.02).Within(1e-12));
        Assert.That(signals[1].FirstTokenSeconds, Is.NaN);
    }

    [Test]
    public void AnAnswerThatCameWhole_TellsTheTimeToTheEnd_ButNotToTheFirstToken()
    {
        CandidateSignals[] signals = Learned(learning => learning.Learn(2, 100, null, TimeSpan.FromSeconds(2)));
        Assert.That(signals[2].FirstTokenSeconds, Is.NaN);
        SelectionQuestion question = new(Choosing.Profile(), Requirements.None, _snapshot.Candidates, signals);
        Assert.That(question.SecondsToEnd(2), Is.EqualTo(2).Within(1e-9));
        Assert.That(question.SecondsToEnd(0), Is.NaN);
    }

    [Test]
    public void NewAnswers_WeighMoreThanOldOnes()
    {
        CandidateSignals[] signals = Learned(learning =>
        {
            for (int i = 0; i < 60; i++)
            {
                learning.Learn(2, i < 20 ? 1_000 : 10, null, TimeSpan.FromSeconds(1));
            }
        });
        Assert.That(signals[2].OutputTokens, Is.InRange(10, 30));
    }

    [Test]
    public void RunningRequests_AreCounted()
    {
        CandidateSignals[] signals = Learned(learning =>
        {
            learning.Begin(1);
            learning.Begin(1);
            learning.End(1);
        });
        Assert.That(signals.Select(s => s.InFlight), Is.EqualTo(new[] { 0, 1, 0 }));
    }

    private CandidateSignals[] Learned(Action<SelectionLearning> teach)
    {
        SelectionLearning learning = new(_snapshot);
        teach(learning);
        CandidateSignals[] signals = new CandidateSignals[_snapshot.Candidates.Length];
        learning.CopyTo(signals);
        return signals;
    }
}
