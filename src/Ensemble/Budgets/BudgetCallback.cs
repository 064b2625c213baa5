namespace Ensemble;

/// <summary>Decides about a call that a budget cannot pay. It is asked for each such call, outside of any lock, and the call waits for it.</summary>
/// <param name="question">The budget, what is spent, and what the call asks for.</param>
/// <param name="cancellationToken">The caller's token.</param>
/// <returns>What happens to the call.</returns>
public delegate ValueTask<BudgetDecision> BudgetCallback(BudgetQuestion question, CancellationToken cancellationToken);
