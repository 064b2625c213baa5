using Microsoft.Extensions.Time.Testing;

namespace Ensemble.Tests.Selection;

internal sealed class SelectionLearningTests
{
    private readonly FakeTimeProvider _time = new();
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
    public void AMemberThatWasNeverAsked_IsExpectedToAnswerAsLongAsTheOthersDo()
    {
        CandidateSignals[] signals = Learned(learning => learning.Learn(0, 1, null, TimeSpan.FromSeconds(1)));
        Assert.That(signals.Select(s => s.OutputTokens), Has.All.EqualTo(1));
    }

    [Test]
    public void OneShortAnswer_WeighsLessThanWhatTheOthersTeach_AndManyWeighMore()
    {
        CandidateSignals[] few = Learned(learning =>
        {
            learning.Learn(0, 10, null, TimeSpan.FromSeconds(1));
            Teach(learning, 2, 200, 400);
        });
        CandidateSignals[] many = Learned(learning =>
        {
            Teach(learning, 0, 200, 10);
            Teach(learning, 2, 200, 400);
        });
        Assert.That(few[0].OutputTokens, Is.GreaterThan(200));
        Assert.That(many[0].OutputTokens, Is.InRange(10, 15));
        Assert.That(many[2].OutputTokens, Is.InRange(395, 400));

        static void Teach(SelectionLearning learning, int candidate, int times, long tokens)
        {
            for (int i = 0; i < times; i++)
            {
                learning.Learn(candidate, tokens, null, TimeSpan.FromSeconds(1));
            }
        }
    }

    [Test]
    public void ATimeThatIsNotMeasuredAgain_IsBelievedHalfAfterEachHalfLife_AndANewOneThenWeighsMore()
    {
        CandidateSignals[] halved = Learned(learning =>
        {
            learning.Learn(2, 100, TimeSpan.FromSeconds(2), TimeSpan.FromSeconds(6));
            _time.Advance(AgedMean.HalfLife);
        });
        Assert.That(halved[2].FirstTokenSeconds, Is.EqualTo(1).Within(1e-9));
        Assert.That(halved[2].SecondsPerToken, Is.EqualTo(0.02).Within(1e-9));
        Assert.That(halved[2].OutputTokens, Is.EqualTo(100), "lengths of answers do not age");

        CandidateSignals[] again = Learned(learning =>
        {
            Enumerable.Range(0, 50).ToList().ForEach(_ => learning.Learn(2, 100, TimeSpan.FromSeconds(8), TimeSpan.FromSeconds(8)));
            _time.Advance(6 * AgedMean.HalfLife);
            learning.Learn(2, 100, TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(1));
        });
        Assert.That(again[2].FirstTokenSeconds, Is.LessThan(5));
    }

    [Test]
    public void OneRequestAnInterval_MayMeasureADeploymentAgain()
    {
        SelectionLearning learning = new(_snapshot, _time);
        CandidateSignals[] signals = new CandidateSignals[3];
        learning.Learn(1, 10, null, TimeSpan.FromSeconds(9));
        Assert.That(learning.TryProbe(1), Is.False);
        _time.Advance(SelectionLearning.ProbeInterval);
        learning.CopyTo(signals);
        Assert.That(signals.Select(s => s.MayProbe), Is.EqualTo(new[] { false, true, false }));
        Assert.That(learning.TryProbe(1), Is.True);
        Assert.That(learning.TryProbe(1), Is.False);
        _time.Advance(SelectionLearning.ProbeInterval);
        Assert.That(learning.TryProbe(1), Is.True);
    }

    [Test]
    public void WhatAProviderReportsOfPrompts_CorrectsWhatIsExpected_ButNeverBeyondTheBound()
    {
        RequestProfile profile = Choosing.Profile(new string('a', 10_000));
        long before = new SelectionQuestion(profile, Requirements.None, _snapshot.Candidates, Learned(_ => { })).ExpectedInput(0);
        CandidateSignals[] taught = Learned(learning => Enumerable.Range(0, 30).ToList().ForEach(_ => learning.LearnInput(0, 4_000, profile)));
        SelectionQuestion question = new(profile, Requirements.None, _snapshot.Candidates, taught);
        Assert.That(before, Is.EqualTo(2_408));
        Assert.That(question.ExpectedInput(0), Is.InRange(3_950, 4_000));
        Assert.That(question.ExpectedInput(1), Is.EqualTo(question.ExpectedInput(0)), "a model counts the same wherever it runs");
        Assert.That(question.ExpectedInput(2), Is.InRange(before + 1, question.ExpectedInput(0)), "who was never asked is taken for one that counts the same way");
        Assert.That(question.InputTokens(0), Is.EqualTo(10_032), "the bound stays");

        CandidateSignals[] once = Learned(learning => learning.LearnInput(0, 40, Choosing.Profile("Hello")));
        Assert.That(once[0].InputRatio, Is.InRange(1, 1.07), "one short prompt tells little");
        CandidateSignals[] beyond = Learned(learning => Enumerable.Range(0, 30).ToList().ForEach(_ => learning.LearnInput(0, 1_000_000, profile)));
        Assert.That(new SelectionQuestion(profile, Requirements.None, _snapshot.Candidates, beyond).ExpectedInput(0), Is.LessThanOrEqualTo(10_032));
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
        SelectionLearning learning = new(_snapshot, _time);
        teach(learning);
        CandidateSignals[] signals = new CandidateSignals[_snapshot.Candidates.Length];
        learning.CopyTo(signals);
        return signals;
    }
}
