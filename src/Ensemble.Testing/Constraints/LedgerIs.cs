using System.Globalization;
using NUnit.Framework.Constraints;

namespace Ensemble.Testing;

/// <summary>NUnit constraints for a <see cref="LedgerBalance"/>: <c>Assert.That(balance, LedgerIs.Settled)</c>.</summary>
public static class LedgerIs
{
    /// <summary>Gets a constraint: nothing is reserved, every reservation was settled or released.</summary>
    public static Constraint Settled => On("nothing reserved", balance => balance.ReservedNanoUsd == 0 ? null : $"{Usd(balance.ReservedNanoUsd)} reserved");

    /// <summary>Makes a constraint: so much is booked.</summary>
    /// <param name="usd">US dollars.</param>
    /// <returns>The constraint.</returns>
    public static Constraint Spent(decimal usd) =>
        On($"{Usd(NanoUsd.FromUsd(usd))} spent", balance => NanoUsd.ToUsd(balance.SpentNanoUsd) == usd ? null : $"{Usd(balance.SpentNanoUsd)} spent");

    /// <summary>Makes a constraint: what is booked and reserved is within a cap.</summary>
    /// <param name="capUsd">The cap in US dollars.</param>
    /// <returns>The constraint.</returns>
    public static Constraint Within(decimal capUsd) => On($"at most {Usd(NanoUsd.CapFromUsd(capUsd))}", balance =>
        NanoUsd.Add(balance.SpentNanoUsd, balance.ReservedNanoUsd) <= NanoUsd.CapFromUsd(capUsd) ? null : $"{Usd(balance.SpentNanoUsd)} spent and {Usd(balance.ReservedNanoUsd)} reserved");

    private static string Usd(long nano) => string.Create(CultureInfo.InvariantCulture, $"${NanoUsd.ToUsd(nano):0.#########}");

    private static SayingConstraint On(string description, Func<LedgerBalance, string?> judge) => new(description, actual =>
        actual is LedgerBalance balance ? judge(balance) : throw SayingConstraint.Unfit(actual, "a balance"));
}
