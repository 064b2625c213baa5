using Microsoft.Extensions.AI;
using NUnit.Framework.Constraints;
using NUnit.Framework.Internal;

namespace Ensemble.Testing.Tests;

public class ConstraintTests
{
    private static readonly Receipt Receipt = new()
    {
        Name = "support",
        Kind = "route",
        AnsweredBy = "large",
        Degraded = true,
        Attempts =
        [
            new Attempt { Member = "tiny", Outcome = AttemptOutcome.Skipped },
            new Attempt { Member = "mini", Outcome = AttemptOutcome.Failed, Failure = FailureClass.Timeout, CostUsd = 0.001m },
            new Attempt { Member = "large", Outcome = AttemptOutcome.Answered, CostUsd = 0.002m },
        ],
    };

    [Test]
    public void ReceiptConstraints_HoldForReceiptsAnswersAndErrors()
    {
        ChatResponse response = new() { AdditionalProperties = new() { [ReceiptExtensions.ReceiptKey] = Receipt } };
        foreach (object value in new object[] { Receipt, response, new AllMembersFailedException("x") { Receipt = Receipt } })
        {
            Assert.That(value, ReceiptIs.AnsweredBy("large"));
            Assert.That(value, ReceiptIs.AskedInOrder("mini", "large"));
            Assert.That(value, ReceiptIs.WithFailure("mini", FailureClass.Timeout));
            Assert.That(value, ReceiptIs.CostingAtMost(0.003m));
            Assert.That(value, ReceiptIs.Degraded);
        }
    }

    [Test]
    public void AConstraintThatFails_SaysWhatItFound()
    {
        Assert.That(Found(ReceiptIs.AnsweredBy("mini"), Receipt), Is.EqualTo("an answer by 'large'"));
        Assert.That(Found(ReceiptIs.AskedInOrder("large"), Receipt), Is.EqualTo("asked: mini, large"));
        Assert.That(Found(ReceiptIs.WithFailure("mini", FailureClass.Empty), Receipt), Is.EqualTo("'mini': Timeout"));
        Assert.That(Found(ReceiptIs.CostingAtMost(0.0029m), Receipt), Is.EqualTo("$0.003"));
        Assert.That(Found(LedgerIs.Settled, new LedgerBalance(0, 1_000_000_000)), Is.EqualTo("$1 reserved"));
        Assert.That(Found(LedgerIs.Spent(1m), new LedgerBalance(500_000_000, 0)), Is.EqualTo("$0.5 spent"));
        Assert.That(Found(LedgerIs.Within(1m), new LedgerBalance(900_000_000, 200_000_000)), Is.EqualTo("$0.9 spent and $0.2 reserved"));
        Assert.That(Found(CountersAre.Calls(1), new ScriptedMember("mini")), Is.EqualTo("0 calls"));
    }

    [Test]
    public void AValueThatSaysNothing_FailsTheConstraintAndItsOpposite()
    {
        foreach (object? value in new object?[] { new ChatResponse(), "text", null })
        {
            foreach (Constraint constraint in new[] { ReceiptIs.Degraded, CountersAre.Quiet, LedgerIs.Settled })
            {
                Assert.That(() => constraint.ApplyTo(value), Throws.ArgumentException.With.Message.Contains("needs a value with"));
                Assert.That(() => (!constraint).ApplyTo(value), Throws.ArgumentException);
            }
        }
    }

    [Test]
    public void AnUnknownPrice_IsNeverCheapEnough() => Assert.That(
        Found(ReceiptIs.CostingAtMost(1000m), new Receipt { Name = "r", Kind = "route", Attempts = [new Attempt { Member = "m", Outcome = AttemptOutcome.Answered }] }),
        Is.EqualTo("an attempt of unknown price"));

    private static string? Found<T>(Constraint constraint, T value)
    {
        ConstraintResult result = constraint.ApplyTo(value);
        using TextMessageWriter writer = new();
        result.WriteActualValueTo(writer);
        return result.IsSuccess ? null : writer.ToString();
    }
}
