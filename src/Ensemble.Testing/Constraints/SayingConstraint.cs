using NUnit.Framework.Constraints;

namespace Ensemble.Testing;

/// <summary>A constraint that says in words what it found instead.</summary>
/// <param name="description">What is expected.</param>
/// <param name="judge">Returns <see langword="null"/> when the value is as expected, else what it is; throws for a value that says nothing of it, or a constraint that is turned round would hold for it.</param>
internal sealed class SayingConstraint(string description, Func<object?, string?> judge) : Constraint
{
    /// <summary>Makes the error for a value that cannot be judged.</summary>
    /// <param name="actual">The value.</param>
    /// <param name="part">What it should have.</param>
    public static ArgumentException Unfit(object? actual, string part) =>
        new($"The constraint needs a value with {part}, and was given {(actual is null ? "null" : $"a {actual.GetType().Name} without")}.", nameof(actual));

    public override string Description => description;

    public override ConstraintResult ApplyTo<TActual>(TActual actual)
    {
        string? found = judge(actual);
        return new Result(this, actual, found);
    }

    private sealed class Result(SayingConstraint constraint, object? actual, string? found) : ConstraintResult(constraint, actual, found is null)
    {
        public override void WriteActualValueTo(MessageWriter writer) => writer.Write(found);
    }
}
