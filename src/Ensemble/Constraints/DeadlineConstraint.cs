using System.Globalization;

namespace Ensemble;

/// <summary>
/// A model that by what was measured would not answer in time is not asked. One of which nothing was measured is asked, or it could
/// never be measured, and one that was too slow is measured again by one request an interval; the plan hands the deadline to the
/// request's envelope, which cuts it off.
/// </summary>
internal sealed class DeadlineConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (question.Requirements.Deadline is not { } deadline)
        {
            return;
        }

        double seconds = deadline.TotalSeconds;
        for (int i = 0; i < refusals.Length; i++)
        {
            if (question.SecondsToEnd(i) > seconds && !question.Signals[i].MayProbe)
            {
                refusals[i] |= ConstraintRules.Deadline;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.Deadline is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.Deadline) == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"it has been too slow for a deadline of {requirements.Deadline!.Value.TotalSeconds:0.###} s");
}
