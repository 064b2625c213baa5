using NUnit.Framework.Constraints;

namespace Ensemble.Testing;

/// <summary>NUnit constraints for the counters of a scripted member: <c>Assert.That(member, CountersAre.Quiet)</c>.</summary>
public static class CountersAre
{
    /// <summary>Gets a constraint: no call is running and every enumerator was disposed; nothing is left behind.</summary>
    public static Constraint Quiet => On("no running call and no open enumerator", counters =>
        counters.Concurrent == 0 && counters.EnumeratorsOpened == counters.EnumeratorsDisposed
            ? null
            : $"{counters.Concurrent} running, {counters.EnumeratorsOpened - counters.EnumeratorsDisposed} enumerators open");

    /// <summary>Gets a constraint: the member was never called.</summary>
    public static Constraint Untouched => Calls(0);

    /// <summary>Makes a constraint: the member was called so often.</summary>
    /// <param name="count">Calls.</param>
    /// <returns>The constraint.</returns>
    public static Constraint Calls(int count) => On($"{count} calls", counters => counters.Calls == count ? null : $"{counters.Calls} calls");

    private static SayingConstraint On(string description, Func<MemberCounters, string?> judge) => new(description, actual => actual switch
    {
        MemberCounters counters => judge(counters),
        ScriptedMember member => judge(member.Counters),
        _ => throw SayingConstraint.Unfit(actual, "counters"),
    });
}
