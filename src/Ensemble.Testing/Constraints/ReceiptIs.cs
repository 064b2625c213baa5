using System.Globalization;
using Microsoft.Extensions.AI;
using NUnit.Framework.Constraints;

namespace Ensemble.Testing;

/// <summary>
/// NUnit constraints for receipts: <c>Assert.That(response, ReceiptIs.AnsweredBy("mini"))</c>. The value may be a receipt, an answer that
/// carries one, or an <see cref="EnsembleException"/>.
/// </summary>
public static class ReceiptIs
{
    /// <summary>Gets a constraint: the answer came in a lesser way than configured.</summary>
    public static Constraint Degraded => On("a degraded answer", receipt => receipt.Degraded ? null : "not degraded");

    /// <summary>Makes a constraint: this member's text was returned.</summary>
    /// <param name="member">The member's name.</param>
    /// <returns>The constraint.</returns>
    public static Constraint AnsweredBy(string member) =>
        On($"an answer by '{member}'", receipt => receipt.AnsweredBy == member ? null : receipt.AnsweredBy is { } other ? $"an answer by '{other}'" : "no answer");

    /// <summary>Makes a constraint: these members were asked in this order, those that were skipped not counted.</summary>
    /// <param name="members">The members' names.</param>
    /// <returns>The constraint.</returns>
    public static Constraint AskedInOrder(params string[] members) => On($"asked: {string.Join(", ", members)}", receipt =>
    {
        string[] asked = [.. receipt.Attempts.Where(attempt => attempt.Outcome is not AttemptOutcome.Skipped).Select(attempt => attempt.Member)];
        return asked.SequenceEqual(members) ? null : $"asked: {string.Join(", ", asked)}";
    });

    /// <summary>Makes a constraint: this member failed in this way.</summary>
    /// <param name="member">The member's name.</param>
    /// <param name="failure">The class of its failure.</param>
    /// <returns>The constraint.</returns>
    public static Constraint WithFailure(string member, FailureClass failure) => On($"'{member}' failed: {failure}", receipt =>
    {
        string[] seen = [.. receipt.Attempts.Where(attempt => attempt.Member == member).Select(attempt => attempt.Failure?.ToString() ?? attempt.Outcome.ToString())];
        return seen.Contains(failure.ToString()) ? null : seen.Length == 0 ? $"'{member}' was not asked" : $"'{member}': {string.Join(", ", seen)}";
    });

    /// <summary>Makes a constraint: all attempts have a known price and together cost at most this.</summary>
    /// <param name="usd">US dollars.</param>
    /// <returns>The constraint.</returns>
    public static Constraint CostingAtMost(decimal usd) => On(string.Create(CultureInfo.InvariantCulture, $"at most ${usd}"), receipt =>
    {
        Attempt[] asked = [.. receipt.Attempts.Where(attempt => attempt.Outcome is not AttemptOutcome.Skipped)];
        decimal sum = asked.Sum(attempt => attempt.CostUsd ?? 0);
        return asked.Any(attempt => attempt.CostUsd is null) ? "an attempt of unknown price"
            : sum <= usd ? null
            : string.Create(CultureInfo.InvariantCulture, $"${sum}");
    });

    private static SayingConstraint On(string description, Func<Receipt, string?> judge) => new(description, actual => actual switch
    {
        Receipt receipt => judge(receipt),
        ChatResponse response when response.GetReceipt() is { } receipt => judge(receipt),
        EnsembleException { Receipt: { } receipt } => judge(receipt),
        _ => throw SayingConstraint.Unfit(actual, "a receipt"),
    });
}
