using Microsoft.Extensions.DependencyInjection;

namespace Ensemble;

/// <summary>Finds budgets that could not hold, or that name what is not there.</summary>
internal static class BudgetCheck
{
    public static IEnumerable<string> Find(EnsembleOptions options, Dictionary<string, string> known, IServiceProvider services)
    {
        Dictionary<string, string> budgets = new(StringComparer.OrdinalIgnoreCase);
        bool isKept = services.GetService<IServiceProviderIsService>()?.IsService(typeof(ILedgerStore)) is true;
        foreach ((Budget budget, string path) in options.Budgets)
        {
            if (!budgets.TryAdd(budget.Name, path))
            {
                yield return $"{path}: the budget '{budget.Name}' is there twice ({budgets[budget.Name]}); they would share their account. Rename one.";
            }

            if (budget.OutlivesTheProcess && !isKept)
            {
                yield return $"{path}: a budget of this kind must outlive the process, and a cap that forgets at restart is no cap. "
                    + "Add the package Ensemble.Sqlite and call AddSqliteLedger() after AddEnsemble(), or register an ILedgerStore of your own.";
            }

            if (budget.OnExhausted.Member is { } member)
            {
                if (!known.ContainsKey(member))
                {
                    yield return $"{path}:OnExhausted: '{member}' is no model or composition.{Suggestion.For(member, known.Keys.Append(BudgetBinder.Refuse))} Write {BudgetBinder.Refuse}, or the name of a cheaper member.";
                }
                else if (MissingQuality(options, member) is { } problem)
                {
                    yield return $"{path}:OnExhausted: {problem}";
                }
            }
        }

        IEnumerable<(string Path, string Budget)> named = options.Compositions.Where(c => c.Budget is { Length: > 0 }).Select(c => ($"{c.Path}:Budget", c.Budget!))
            .Concat(options.BudgetsOf.Select(pair => ($"AddBudget(\"{pair.Budget}\")", pair.Budget)))
            .Concat(options.BudgetCallbacks.Keys.Select(name => ($"OnBudgetExhausted(\"{name}\")", name)));
        foreach ((string path, string budget) in named.Where(pair => !budgets.ContainsKey(pair.Budget) && !options.UnreadBudgets.Contains(pair.Budget, StringComparer.OrdinalIgnoreCase)))
        {
            yield return $"{path}: there is no budget '{budget}'.{Suggestion.For(budget, budgets.Keys)} Known: {(budgets.Count == 0 ? "none" : string.Join(", ", budgets.Keys))}.";
        }

        foreach ((string composition, string budget) in options.BudgetsOf.Where(pair => !options.Compositions.Exists(c => c.Name.Equals(pair.Composition, StringComparison.OrdinalIgnoreCase))))
        {
            yield return $"AddBudget(\"{budget}\"): '{composition}' is no composition.{Suggestion.For(composition, options.Compositions.Select(c => c.Name))}";
        }
    }

    // Who steps in obeys the rules of the route that it steps in for; a rule about quality cannot be checked without one.
    private static string? MissingQuality(EnsembleOptions options, string member)
    {
        if (options.Models.Find(model => model.Name.Equals(member, StringComparison.OrdinalIgnoreCase)) is not { } model)
        {
            return null;
        }

        KnownQuality[] members = [new(model.Name, model.Facts.Quality, model.Facts.QualityByDomain)];
        return options.Compositions.Select(c => c.Selection).OfType<SelectionOptions>()
            .SelectMany(selection => selection.Combinations())
            .Select(pair => SelectionSnapshot.ProblemWithQuality(members, pair.Requirements, Objective.Order))
            .FirstOrDefault(found => found is not null);
    }
}
