namespace Ensemble;

/// <summary>Says whose spending a budget adds up; each subject has an account of its own.</summary>
public enum BudgetScope
{
    /// <summary>All spending together.</summary>
    Everything = 0,

    /// <summary>The spending of each tenant; requests without a tenant share one account.</summary>
    Tenant,

    /// <summary>The spending on each model.</summary>
    Model,

    /// <summary>The spending of each conversation; requests without a conversation are not limited by the budget.</summary>
    Conversation,

    /// <summary>The spending of each request with everything nested in it; kept in the process only.</summary>
    Request,
}
