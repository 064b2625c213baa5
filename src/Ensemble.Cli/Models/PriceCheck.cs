using System.Globalization;

namespace Ensemble.Cli;

/// <summary>Finds prices that are unknown, disputed or old, and models that their vendor withdraws.</summary>
internal static class PriceCheck
{
    /// <summary>List prices change a few times a year.</summary>
    private const int OldAfterDays = 120;

    /// <summary>Checks every model of a configuration.</summary>
    public static IEnumerable<PriceFinding> Run(IEnsembleClients clients, DateOnly today) =>
        clients.Models.SelectMany(model => clients.Explain(model.Name, []).Candidates).SelectMany(candidate => Check(candidate, today));

    private static IEnumerable<PriceFinding> Check(CandidateExplanation candidate, DateOnly today)
    {
        string name = candidate.Deployment.Name;
        if (!candidate.Price.IsKnown)
        {
            yield return new PriceFinding(name, $"the price of '{candidate.Card.Id}' is unknown; set Price on the model.");
        }
        else if (candidate.Price.Source is not ("user" or "local"))
        {
            if (candidate.Card.DisputedPrice is { } other)
            {
                yield return new PriceFinding(name, $"two tables disagree: {candidate.Price}, or {other}; set Price on the model.");
            }

            if (candidate.Price.AsOf is { } day && today.DayNumber - day.DayNumber > OldAfterDays)
            {
                yield return new PriceFinding(name, string.Create(CultureInfo.InvariantCulture, $"the price was read on {day:yyyy-MM-dd}; compare it with the vendor's, or set Price on the model."));
            }
        }

        if (!candidate.Card.IsOfferedOn(today))
        {
            yield return new PriceFinding(name, $"'{candidate.Card.Id}' has been withdrawn by its vendor; name another model.");
        }
        else if (candidate.Card.RetiresOn is { } end)
        {
            yield return new PriceFinding(name, string.Create(CultureInfo.InvariantCulture, $"'{candidate.Card.Id}' is withdrawn on {end:yyyy-MM-dd}; name another model before."));
        }
    }
}
