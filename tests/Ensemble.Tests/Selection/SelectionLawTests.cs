using CsCheck;

namespace Ensemble.Tests.Selection;

internal sealed class SelectionLawTests
{
    private const int Iterations = 1_500;

    [Test]
    public void WhoQualifies_IsWhatTheSlowOracleSays() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Choosing.Objectives, Gen.Int[0, 50]).Sample(
            (members, requirements, profile, objective, seed) =>
            {
                SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
                CandidateSignals[] signals = Choosing.Signals(snapshot, seed);
                Choosing.Choice choice = Choosing.Decide(snapshot, requirements, profile, objective, signals);
                for (int i = 0; i < snapshot.Candidates.Length; i++)
                {
                    Candidate candidate = snapshot.Candidates[i];
                    bool expected = SlowOracle.Qualifies(members[candidate.MemberIndex], candidate.Deployment, signals[i], requirements, profile, objective);
                    Assert.That(choice.Refusals[i] == ConstraintRules.None, Is.EqualTo(expected), $"{candidate.Member}/{candidate.Deployment.Name}: {choice.Refusals[i]}");
                    Assert.That(choice.Order.Contains(candidate), Is.EqualTo(expected));
                }
            },
            iter: Iterations);

    [Test]
    public void TheCheapestThatQualifies_Wins() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Gen.ULong).Sample(
            (members, requirements, profile, seed) =>
            {
                // Without places, tiers and outages, price alone decides.
                SelectionMember[] flat = [.. members.Select(m => new SelectionMember { Name = m.Name, Card = m.Card, Quality = m.Quality, Deployments = [m.Deployments[0]] })];
                Choosing.Choice choice = Choosing.Decide(flat, requirements with { Placement = Placement.Any }, profile, Objective.Cheapest, seed);
                if (choice.Order.Length == 0)
                {
                    return;
                }

                decimal Cost(Candidate c) => c.Price.CostUsd((long)Math.Round(c.ExpectedInput(profile)), (long)Math.Min(50, Math.Min(profile.OutputLimit ?? 50, c.MaxOutput)))!.Value;
                Assert.That(Cost(choice.Order[0]), Is.EqualTo(choice.Order.Min(Cost)));
                Assert.That(choice.Order.Select(Cost), Is.Ordered);
            },
            iter: Iterations);

    [Test]
    public void TheChoice_DependsOnNothingButProfileSnapshotSignalsAndSeed() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Choosing.Objectives, Gen.ULong).Sample(
            (members, requirements, profile, objective, seed) =>
            {
                Choosing.Choice one = Choosing.Decide(members, requirements, profile, objective, seed);
                Choosing.Choice again = Choosing.Decide(members, requirements, profile, objective, seed);
                Assert.That(again.Order.Select(Name), Is.EqualTo(one.Order.Select(Name)));
                Assert.That(again.Refusals, Is.EqualTo(one.Refusals));
            },
            iter: 500);

    [Test]
    public void RemovingAModelThatWasNotChosen_NeverChangesTheChoice() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Choosing.Objectives, Gen.Select(Gen.ULong, Gen.Int[0, 5], Gen.Int[1, 20])).Sample(
            (members, requirements, profile, objective, pick) =>
            {
                (ulong seed, int remove, int learned) = pick;
                Choosing.Choice choice = Decide(members);
                if (choice.First is not { } first || members[remove % members.Length].Name == first)
                {
                    return;
                }

                Choosing.Choice without = Decide([.. members.Where(m => m.Name != members[remove % members.Length].Name)]);
                Assert.That(Name(without.Order[0]), Is.EqualTo(Name(choice.Order[0])));

                Choosing.Choice Decide(SelectionMember[] some)
                {
                    SelectionSnapshot snapshot = SelectionSnapshot.Create(some);
                    return Choosing.Decide(snapshot, requirements, profile, objective == Objective.Order ? Objective.Cheapest : objective, Choosing.Signals(snapshot, learned), seed);
                }
            },
            iter: Iterations);

    [Test]
    public void AModelWithAnotherIndex_ButTheSameFigures_IsChosenTheSame() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Gen.ULong).Sample(
            (members, requirements, profile, seed) =>
                Choosing.Decide(members, requirements, profile, Objective.Cheapest, seed).First
                == Choosing.Decide([.. members.Reverse()], requirements, profile, Objective.Cheapest, seed).First,
            iter: 1_000);

    [Test]
    public void CombinedRequirements_AreSatisfied_ExactlyByThoseThatSatisfyBoth() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Requirements, Choosing.Profiles).Sample(
            (members, one, other, profile) =>
            {
                SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
                HashSet<string> both = [.. Names(one).Intersect(Names(other))];
                Assert.That(Names(one.And(other)), Is.EquivalentTo(both));
                Assert.That(Names(other.And(one)), Is.EquivalentTo(both));

                IEnumerable<string> Names(Requirements requirements) => Choosing.Decide(snapshot, requirements, profile).Order.Select(Name);
            },
            iter: Iterations);

    [Test]
    public void TheSpendOfAPlan_NeverExceedsItsCeiling_WhicheverOfItsCandidatesAnswers() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Gen.Decimal[0.00001m, 0.05m]).Sample(
            (members, requirements, profile, ceiling) =>
            {
                SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
                Requirements capped = requirements with { MaxUsd = ceiling };
                foreach (Candidate candidate in Choosing.Decide(snapshot, capped, profile).Order)
                {
                    SelectionQuestion question = new(profile, capped, snapshot.Candidates, Choosing.Signals(snapshot));
                    long? cut = Selector.OutputLimit(question, Array.IndexOf(snapshot.Candidates, candidate));
                    long output = profile.OutputLimit ?? cut ?? candidate.MaxOutput;
                    Assert.That(CostBounds.UpperUsd(candidate.Price, candidate.InputTokens(profile), output), Is.LessThanOrEqualTo(ceiling));
                }
            },
            iter: Iterations);

    [Test]
    public void EveryRefusal_HasWords() =>
        Gen.Select(Choosing.Members, Choosing.Requirements, Choosing.Profiles, Choosing.Objectives).Sample(
            (members, requirements, profile, objective) =>
            {
                SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
                Choosing.Choice choice = Choosing.Decide(snapshot, requirements, profile, objective);
                for (int i = 0; i < choice.Refusals.Length; i++)
                {
                    Refusal refusal = new(choice.Refusals[i], snapshot.Candidates[i], requirements, profile);
                    int rules = System.Numerics.BitOperations.PopCount((uint)refusal.Rules);
                    Assert.That(refusal.Reason.Split("; ", StringSplitOptions.RemoveEmptyEntries), Has.Length.GreaterThanOrEqualTo(rules > 0 ? 1 : 0));
                    Assert.That(refusal.Reason.Length > 0, Is.EqualTo(rules > 0));
                }
            },
            iter: 500);

    [Test]
    public void Deciding_AllocatesNothing()
    {
        SelectionMember[] members = [.. Enumerable.Range(0, 10).Select(i => Choosing.Member("model" + i, input: i + 1, output: 10 - i, quality: 0.5 + (i * 0.03)))];
        SelectionSnapshot snapshot = SelectionSnapshot.Create(members);
        CandidateSignals[] signals = Choosing.Signals(snapshot, 3);
        RequestProfile profile = Choosing.Profile("Where is anna@example.com?");
        Requirements requirements = new()
        {
            KeepLocal = SensitiveData.PaymentCard,
            DataPolicies = DataPolicies.None,
            MaxUsd = 1m,
            MinQuality = 0.5,
            Deny = ["model3"],
            Placement = Placement.PreferLocal,
            Deadline = TimeSpan.FromMinutes(1),
        };
        ConstraintRules[] refusals = new ConstraintRules[10];
        double[] scores = new double[10];
        int[] order = new int[10];
        int eligible = 0;
        Assert.That(Allocation.Of(() => eligible = Once()), Is.Zero);
        Assert.That(eligible, Is.EqualTo(9));

        int Once()
        {
            SelectionQuestion question = new(profile, requirements, snapshot.Candidates, signals);
            return Selector.Decide(question, Objective.Cheapest, Balancing.PowerOfTwo, 1, refusals, scores, order).Eligible;
        }
    }

    private static string Name(Candidate candidate) => candidate.Member + "/" + candidate.Deployment.Name;
}
