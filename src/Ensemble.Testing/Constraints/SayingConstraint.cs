using NUnit.Framework.Constraints;

namespace Ensemble.Testing;

/// <summary>A constraint that says in words what it found instead.</summary>
/// <param name="description">What is expected.</param>
/// <param name="judge">Returns <see langword="null"/> when the value is as expected, else what it is.</param>
internal sealed class SayingConstraint(string description, Func<object?, string?> judge) : Constraint
{
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
