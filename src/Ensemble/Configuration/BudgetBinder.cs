namespace Ensemble;

/// <summary>Reads a budget: how much, for whom, until when, and what follows.</summary>
internal static class BudgetBinder
{
    /// <summary>The value of <c>OnExhausted</c> that names no member.</summary>
    public const string Refuse = "refuse";

    // Nobody spends a billion on one budget; who writes more has mistaken the unit.
    private const decimal LargestUsd = 1_000_000_000m;

    private static readonly Dictionary<string, BudgetScope> Scopes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["request"] = BudgetScope.Request,
        ["conversation"] = BudgetScope.Conversation,
        ["tenant"] = BudgetScope.Tenant,
        ["model"] = BudgetScope.Model,
    };

    private static readonly Dictionary<string, BudgetPeriod> Periods = new(StringComparer.OrdinalIgnoreCase)
    {
        ["day"] = BudgetPeriod.Day,
        ["month"] = BudgetPeriod.Month,
        ["ever"] = BudgetPeriod.Ever,
    };

    /// <summary>Gets the words of <c>Per</c>.</summary>
    public static IEnumerable<string> Words => Scopes.Keys.Concat(Periods.Keys);

    /// <summary>Reads one budget; <see langword="null"/> when it cannot be read, and the reader's errors say why.</summary>
    public static Budget? Bind(SettingsReader reader)
    {
        if (reader.Value is { Length: > 0 } value)
        {
            reader.Error($"'{value}' is no budget; write {{ \"Usd\": {value}, \"Per\": \"month\" }}, in US dollars.");
            return null;
        }

        reader.CheckKeys(FrozenShape.Budget);
        decimal? usd = reader.GetDecimal("Usd", 0m, LargestUsd);
        if (!reader.Child("Usd").Exists)
        {
            reader.Child("Usd").Error("missing; write the cap in US dollars, 0 to forbid all spending.");
        }

        (BudgetScope Scope, BudgetPeriod Period)? per = BindPer(reader);
        TimeZoneInfo? zone = BindZone(reader, per?.Period);
        string after = reader.GetString("OnExhausted") ?? "";
        return usd is null || per is null || zone is null ? null : new Budget(reader.Key, usd.Value)
        {
            Scope = per.Value.Scope,
            Per = per.Value.Period,
            TimeZone = zone,
            OnExhausted = after.Length == 0 || after.Equals(Refuse, StringComparison.OrdinalIgnoreCase) ? BudgetDecision.Refuse : BudgetDecision.DegradeTo(after),
        };
    }

    private static (BudgetScope Scope, BudgetPeriod Period)? BindPer(SettingsReader reader)
    {
        SettingsReader per = reader.Child("Per");
        string text = reader.GetString("Per") ?? "";
        string[] words = text.Split([',', ' '], StringSplitOptions.RemoveEmptyEntries);
        if (words.Length == 0)
        {
            per.Error($"missing; write what starts the budget anew, {string.Join(", ", Words)}, or two of them: \"tenant, month\".");
            return null;
        }

        BudgetScope? scope = null;
        BudgetPeriod? period = null;
        foreach (string word in words)
        {
            if (scope is null && Scopes.TryGetValue(word, out BudgetScope foundScope))
            {
                scope = foundScope;
            }
            else if (period is null && Periods.TryGetValue(word, out BudgetPeriod foundPeriod))
            {
                period = foundPeriod;
            }
            else
            {
                per.Error(Words.Contains(word, StringComparer.OrdinalIgnoreCase)
                    ? $"'{text}' names two of a kind; write at most one of {string.Join(", ", Scopes.Keys)} and one of {string.Join(", ", Periods.Keys)}."
                    : $"'{word}' is unknown.{Suggestion.For(word, Words)} Write {string.Join(", ", Words)}, or two of them: \"tenant, month\".");
                return null;
            }
        }

        if (scope is BudgetScope.Request && period is (BudgetPeriod.Day or BudgetPeriod.Month))
        {
            per.Error($"'{text}': a request has no calendar; write \"request\", or leave it out.");
            return null;
        }

        return (scope ?? BudgetScope.Everything, period ?? BudgetPeriod.Ever);
    }

    private static TimeZoneInfo? BindZone(SettingsReader reader, BudgetPeriod? period)
    {
        if (reader.GetString("TimeZone") is not { Length: > 0 } id)
        {
            return TimeZoneInfo.Utc;
        }

        if (period is BudgetPeriod.Ever)
        {
            reader.Child("TimeZone").Error("counts with a calendar only; write \"day\" or \"month\" under Per, or remove it.");
            return null;
        }

        if (TimeZoneInfo.TryFindSystemTimeZoneById(id, out TimeZoneInfo? zone))
        {
            return zone;
        }

        reader.Child("TimeZone").Error(
            $"'{id}' is no time zone of this machine.{Suggestion.For(id, TimeZoneInfo.GetSystemTimeZones().Select(known => known.Id))} Write an IANA name: Asia/Seoul, Europe/Berlin, UTC.");
        return null;
    }
}
