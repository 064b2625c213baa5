namespace Ensemble.Cli;

/// <summary>What <c>usage --json</c> writes.</summary>
/// <param name="Ledger">The file.</param>
/// <param name="By">What the lines are grouped by.</param>
/// <param name="Lines">One a group.</param>
/// <param name="Total">All of them together.</param>
/// <param name="Budgets">The configuration's budgets whose account is known without a request.</param>
internal sealed record UsageOutput(string Ledger, string By, IReadOnlyList<UsageLine> Lines, UsageLine Total, IReadOnlyList<BudgetLine> Budgets);
