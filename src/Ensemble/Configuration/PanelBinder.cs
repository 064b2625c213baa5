namespace Ensemble;

/// <summary>Reads a composition of kind <c>panel</c>.</summary>
internal static class PanelBinder
{
    public static readonly CompositionKind Kind = new("panel", ["Choices", "Normalizer", "Rule", "RuleShare", "Weights", "Calibrations", "Judge", "StopsEarly", "DeadlineSeconds", "AllowTools", "AttemptTimeoutSeconds", "Embeddings", "UnrelatedBelow"], Bind);

    /// <summary>The keys of a voter's calibration.</summary>
    public static readonly string[] Calibration = ["Slope", "Bias"];

    public static readonly string[] Normalizers = ["number", "quantity", "date", "yesNo", "shortAnswer", "exact", "code", "json"];

    public static readonly string[] Rules = ["plurality", "unanimity", "quorum", "median", "mean", "trimmedMean", "meanProbability", "meanLogProbability", "borda"];

    private static readonly string[] Sharing = ["quorum", "trimmedMean"];

    private static readonly string UnusedShare = $"counts with the rules {string.Join(" and ", Sharing)} only; name one in Rule, or remove it.";

    /// <summary>Adds an error for every name (the judge, weights, calibrations) that is none of the members.</summary>
    public static void CheckNames(SettingsReader reader, IReadOnlyList<MemberOptions> members)
    {
        string[] names = [.. Member.NamesOf(members)];
        if (names.Length == 0)
        {
            return;
        }

        string? judge = reader.GetString("Judge") is { Length: > 0 } named ? named : null;
        if (judge is not null && !names.Contains(judge, StringComparer.OrdinalIgnoreCase))
        {
            reader.Child("Judge").Error($"'{judge}' is no member.{Suggestion.For(judge, names)} Name one of {string.Join(", ", names)}, or add it to Members.");
        }

        string[] voters = [.. names.Where(name => !name.Equals(judge, StringComparison.OrdinalIgnoreCase))];
        if (judge is not null && voters.Length == 1)
        {
            reader.Child("Judge").Error($"'{judge}' breaks ties, and '{voters[0]}' is the only member that votes; add a member, or remove the judge.");
        }

        foreach (SettingsReader entry in reader.Child("Weights").Children().Concat(reader.Child("Calibrations").Children()))
        {
            if (VoterNames.ProblemWith(entry.Key, voters, judge) is { } problem)
            {
                entry.Error(problem);
            }
        }
    }

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        PanelOptions options = new() { AllowTools = reader.GetBool("AllowTools") ?? false };
        if (reader.GetDouble("AttemptTimeoutSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        }

        if (reader.GetStrings("Choices") is { } choices)
        {
            if (BallotNormalizer.ProblemWith(choices) is { } problem)
            {
                reader.Child("Choices").Error(problem);
            }
            else
            {
                options.Choices = choices;
            }
        }

        if (reader.GetString("Normalizer") is { Length: > 0 } normalizer)
        {
            options.Normalizer = normalizer.ToUpperInvariant() switch
            {
                "NUMBER" => BallotNormalizer.Number,
                "QUANTITY" => BallotNormalizer.Quantity,
                "DATE" => BallotNormalizer.Date,
                "YESNO" => BallotNormalizer.YesNo,
                "SHORTANSWER" => BallotNormalizer.ShortAnswer,
                "EXACT" => BallotNormalizer.Exact,
                "CODE" => BallotNormalizer.Code,
                "JSON" => BallotNormalizer.Json,
                _ => null,
            };
            if (options.Normalizer is null)
            {
                reader.Child("Normalizer").Error(
                    $"'{normalizer}' is unknown.{Suggestion.For(normalizer, Normalizers)} Write {string.Join(", ", Normalizers)}, or give Choices.");
            }
            else if (options.Choices is not null)
            {
                reader.Child("Normalizer").Error("Choices already say how ballots are read; remove one of the two.");
            }
        }

        BindCounting(reader, options);
        return BindClusters(reader, options) is { } clusters
            ? (members, runtime) => new PanelChatClient(name, members, options.With(clusters(runtime)), runtime)
            : (members, runtime) => new PanelChatClient(name, members, options, runtime);
    }

    // Whether there is such an embedding model is checked with all others; the container makes it.
    private static Func<EnsembleRuntime, AnswerClusterOptions>? BindClusters(SettingsReader reader, PanelOptions options)
    {
        double? threshold = reader.GetDouble("UnrelatedBelow", -1, 1);
        if (reader.GetString("Embeddings") is not { Length: > 0 } key)
        {
            if (threshold is not null)
            {
                reader.Child("UnrelatedBelow").Error($"{threshold} compares nothing; name an embedding model in Embeddings, or remove the key.");
            }

            return null;
        }

        if (options.Choices is not null || options.Normalizer is not null)
        {
            reader.Child("Embeddings").Error($"'{key}' compares free answers, and {(options.Choices is not null ? "Choices" : reader.Child("Normalizer").Exists ? "Normalizer" : "Rule")} already says how ballots are read; remove one of the two.");
        }

        return runtime => new AnswerClusterOptions(Microsoft.Extensions.DependencyInjection.SemanticRouterExtensions.Find(runtime, key)) { Threshold = threshold ?? AnswerClusterOptions.DefaultThreshold };
    }

    private static void BindCounting(SettingsReader reader, PanelOptions options)
    {
        options.Judge = reader.GetString("Judge") is { Length: > 0 } judge ? judge : null;
        options.StopsEarly = reader.GetBool("StopsEarly") ?? true;
        if (reader.GetDouble("DeadlineSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.Deadline = TimeSpan.FromSeconds(seconds);
        }

        Dictionary<string, double> weights = new(StringComparer.OrdinalIgnoreCase);
        SettingsReader section = reader.Child("Weights");
        if (section.Value is { Length: > 0 } single)
        {
            section.Error($"'{single}' is for nobody; write the weights by name, as in {{ \"a\": 2 }}.");
        }

        foreach (SettingsReader weight in section.Children())
        {
            weights[weight.Key] = section.GetDouble(weight.Key, 0, 1_000_000) ?? 1;
        }

        options.Weights = weights;
        BindCalibrations(reader.Child("Calibrations"), options);
        if (reader.GetString("Rule") is { Length: > 0 } rule)
        {
            BindRule(reader, options, rule);
        }
        else if (reader.Child("RuleShare").Exists)
        {
            reader.Child("RuleShare").Error(UnusedShare);
        }
    }

    private static void BindCalibrations(SettingsReader section, PanelOptions options)
    {
        if (section.Value is { Length: > 0 } single)
        {
            section.Error($"'{single}' is for nobody; write the calibrations by name, as in {{ \"a\": {{ \"Slope\": 0.5 }} }}.");
        }

        Dictionary<string, ChoiceCalibration> calibrations = new(StringComparer.OrdinalIgnoreCase);
        foreach (SettingsReader voter in section.Children())
        {
            voter.CheckKeys(Calibration);
            double slope = voter.GetDouble("Slope", 0.001, 1000) ?? 1;
            SettingsReader list = voter.Child("Bias");
            double?[] bias = [.. (voter.GetStrings("Bias") is null ? [] : list.Children().Select(element => list.GetDouble(element.Key, -1000, 1000)))];
            if (bias.Length != (options.Choices?.Count ?? 0) && list.HasChildren)
            {
                list.Error($"has {bias.Length} numbers; give one for each of the {options.Choices?.Count ?? 0} Choices, in their order.");
            }
            else if (options.Choices is not { } choices)
            {
                voter.Error("a calibration is over Choices; give them.");
            }
            else
            {
                calibrations[voter.Key] = new ChoiceCalibration(slope, list.HasChildren ? [.. bias.Select(value => value ?? 0)] : new double[choices.Count]);
            }
        }

        options.Calibrations = calibrations;
    }

    private static void BindRule(SettingsReader reader, PanelOptions options, string rule)
    {
        double? share = reader.GetDouble("RuleShare", 0, 1);
        if (share is not null && Rules.Contains(rule, StringComparer.OrdinalIgnoreCase) && !Sharing.Contains(rule, StringComparer.OrdinalIgnoreCase))
        {
            reader.Child("RuleShare").Error(UnusedShare);
        }

        switch (rule.ToUpperInvariant())
        {
            case "PLURALITY":
                options.Rule = VoteRule.Plurality;
                break;
            case "UNANIMITY":
                options.Rule = VoteRule.Unanimity;
                break;
            case "QUORUM" when share is > 0:
                options.Rule = VoteRule.Quorum(share.Value);
                break;
            case "MEDIAN":
                options.Rule = VoteRule.Median;
                break;
            case "MEAN":
                options.Rule = VoteRule.Mean;
                break;
            case "TRIMMEDMEAN" when share is < 0.5:
                options.Rule = VoteRule.TrimmedMean(share.Value);
                break;
            case "MEANPROBABILITY" when options.Choices is not null:
                options.Rule = VoteRule.MeanProbability;
                break;
            case "MEANLOGPROBABILITY" when options.Choices is not null:
                options.Rule = VoteRule.MeanLogProbability;
                break;
            case "BORDA" when options.Choices is { } choices:
                // A ranking names several choices, so that members cannot be held to one of them.
                (options.Rule, options.Normalizer, options.Choices) = (VoteRule.Borda(choices), BallotNormalizer.ForRanking(choices), null);
                break;
            case "QUORUM" or "TRIMMEDMEAN":
                reader.Child("RuleShare").Error("quorum needs a share above 0, trimmedMean one below 0.5.");
                break;
            case "BORDA" or "MEANPROBABILITY" or "MEANLOGPROBABILITY":
                reader.Child("Choices").Error($"missing; Rule '{rule}' is over choices.");
                break;
            default:
                reader.Child("Rule").Error($"'{rule}' is unknown.{Suggestion.For(rule, Rules)} Write {string.Join(", ", Rules)}.");
                break;
        }
    }
}
