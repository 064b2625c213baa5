using System.Globalization;

namespace Ensemble;

/// <summary>
/// The request must not be able to cost more than the ceiling. With the caller's limit of output the whole limit must be payable;
/// without one the expected answer must be, and the plan limits the output to what the ceiling pays.
/// </summary>
internal sealed class PriceCeilingConstraint : Constraint
{
    public override void Check(in SelectionQuestion question, Span<ConstraintRules> refusals)
    {
        if (question.Requirements.MaxUsd is not { } ceiling)
        {
            return;
        }

        double max = (double)ceiling;
        for (int i = 0; i < refusals.Length; i++)
        {
            TokenRates rates = question.DearestRates(i);
            if (!rates.IsKnown)
            {
                refusals[i] |= ConstraintRules.UnknownPrice;
            }
            else if (!Affords(max, rates, question.InputTokens(i), Needed(question, i)))
            {
                refusals[i] |= ConstraintRules.PriceCeiling;
            }
        }
    }

    public override bool IsSet(Candidate candidate, Requirements requirements, RequestProfile profile) => requirements.MaxUsd is not null;

    public override string? Explain(ConstraintRules refused, Candidate candidate, Requirements requirements, RequestProfile profile)
    {
        if ((refused & ConstraintRules.UnknownPrice) != 0)
        {
            return candidate.Price.IsKnown && !candidate.Bounds(profile)
                ? profile.HasUnboundedInput
                    ? "what the request costs is unknown: a file is sent by its address; send its data"
                    : "what an image costs is unknown; set ImageTokens on its card"
                : "its price is unknown; set Price on the model";
        }

        return (refused & ConstraintRules.PriceCeiling) == 0
            ? null
            : string.Create(CultureInfo.InvariantCulture, $"the request could cost more than ${requirements.MaxUsd:0.######} at {candidate.Price}");
    }

    /// <summary>The answer that must be payable: all that the caller allows, else what is expected.</summary>
    internal static double Needed(in SelectionQuestion question, int candidate) =>
        question.Profile.OutputLimit is null ? question.ExpectedOutput(candidate) : (double)question.Candidates[candidate].OutputLimit(question.Profile)!;

    /// <summary>Doubles stand for decimals here, so the bound errs by a few parts in 10¹⁵ on the safe side.</summary>
    internal static bool Affords(double max, TokenRates rates, double input, double output) =>
        (input * rates.Input) + (output * rates.Output) <= max * (1 - 1e-12);
}
