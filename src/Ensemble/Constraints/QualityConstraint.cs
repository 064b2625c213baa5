using System.Globalization;

namespace Ensemble;

/// <summary>A model must be good enough, by the quality that its user gave; where none was given it is refused, never guessed.</summary>
internal sealed class QualityConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (question.Requirements.MinQuality is not { } least)
        {
            return;
        }

        for (int i = 0; i < refusals.Length; i++)
        {
            double quality = question.Quality(i);
            if (double.IsNaN(quality))
            {
                refusals[i] |= ConstraintRules.UnknownQuality;
            }
            else if (quality < least)
            {
                refusals[i] |= ConstraintRules.Quality;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.MinQuality is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile) =>
        (refused & ConstraintRules.UnknownQuality) != 0 ? "its quality is unknown; set Quality on the model"
        : (refused & ConstraintRules.Quality) != 0
            ? string.Create(CultureInfo.InvariantCulture, $"its quality of {candidate.QualityIn(profile.Domain):0.###} is below {requirements.MinQuality:0.###}")
            : null;
}
