namespace Ensemble.Tests.Selection;

/// <summary>The choice made the long way: from cards and deployments, in decimals, one candidate at a time.</summary>
internal static class SlowOracle
{
    private static readonly string[] Eu =
        "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK".Split(' ');

    public static bool Qualifies(SelectionMember member, Deployment deployment, CandidateSignals signals, Requirements asked, RequestProfile profile, Objective objective)
    {
        ModelCard card = member.Card;
        bool local = deployment.InProcess || deployment.SelfHosted;
        Price price = local ? Price.Local : card.Price;

        // What vendors document for a large image, where the card says nothing.
        long input = profile.GetInputTokens(card.Encoding) + (profile.ImageCount * (card.ImageTokens ?? 1_600));
        long maxOutput = card.MaxOutputTokens ?? card.ContextWindow ?? 0;
        double expected = Math.Min(signals.OutputTokens, Math.Min(profile.OutputLimit ?? long.MaxValue, maxOutput));
        if ((asked.Capabilities | profile.NeededCapabilities) is var needed && ((card.Capabilities ?? ModelCapabilities.None) & needed) != needed)
        {
            return false;
        }

        if (card.ContextWindow is not { } window || input > window || input + (profile.OutputLimit ?? 1) > window || (profile.OutputLimit ?? 0) > maxOutput)
        {
            return false;
        }

        if (asked.Regions is { } regions && !deployment.InProcess && !IsInside(deployment.Processing, regions))
        {
            return false;
        }

        if (!deployment.InProcess && (deployment.DataPolicies & asked.DataPolicies) != asked.DataPolicies)
        {
            return false;
        }

        if ((profile.SensitiveData & asked.KeepLocal) != 0 && !local)
        {
            return false;
        }

        if (asked.Allow?.Contains(member.Name, StringComparer.OrdinalIgnoreCase) is false || asked.Deny.Contains(member.Name, StringComparer.OrdinalIgnoreCase))
        {
            return false;
        }

        if ((asked.Placement == Placement.OnlyLocal && !local) || (asked.Placement == Placement.OnlyCloud && local))
        {
            return false;
        }

        if (asked.MatchLanguage && profile.Language is { } language && !card.Languages.Contains(language))
        {
            return false;
        }

        if (asked.MinQuality is { } least && !(member.Quality >= least))
        {
            return false;
        }

        if (asked.Deadline is { } deadline && (double.IsNaN(signals.FirstTokenSeconds) ? 0 : signals.FirstTokenSeconds) + (expected * signals.SecondsPerToken) > deadline.TotalSeconds)
        {
            return false;
        }

        // An image of unknown size has no price, unless prompts are free.
        if (asked.MaxUsd is not null && profile.ImageCount > 0 && card.ImageTokens is null && price.InputPerMillion > 0)
        {
            return false;
        }

        if (asked.MaxUsd is { } ceiling
            && (!price.IsKnown || CostBounds.UpperUsd(price, input, profile.OutputLimit ?? (long)expected) > ceiling))
        {
            return false;
        }

        // What an objective cannot score does not qualify either.
        return !(objective == Objective.Cheapest && !price.IsKnown) && !(objective == Objective.Best && member.Quality is null)
            && !(objective is WeightedObjective && (!price.IsKnown || member.Quality is null));
    }

    private static bool IsInside(string? place, IReadOnlyList<string> regions)
    {
        string[] allowed = [.. regions.SelectMany(region => region == "EU" ? Eu : [region])];
        string[]? runs = place switch { null or "nowhere" or "global" => null, "EU" => Eu, _ => [place] };
        return runs is not null && runs.All(allowed.Contains);
    }
}
