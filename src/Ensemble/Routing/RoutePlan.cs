namespace Ensemble;

/// <summary>Whom to ask for one request.</summary>
/// <param name="Order">The members that may be asked, in order.</param>
/// <param name="Note">Why, for the receipt.</param>
/// <param name="Asked">What the planner itself asked, an embedding model; a failure makes the answer a degraded one.</param>
/// <param name="Purse">What all attempts together may cost; <see langword="null"/> without a price ceiling.</param>
/// <param name="Deadline">Within which time of its start the request must be answered.</param>
/// <param name="Answered">Hears who answered in the end.</param>
/// <param name="Rules">What the members that compose others must hold besides what the request requires.</param>
/// <param name="Facts">Says what the planner knows of a member that it has checked; <see langword="null"/> when it checks none.</param>
/// <param name="Refuse">Makes the error that says why each member was left out.</param>
internal sealed record RoutePlan(
    IReadOnlyList<Member> Order,
    string Note,
    Attempt? Asked = null,
    CeilingPurse? Purse = null,
    Func<EnsembleException>? Refuse = null,
    Action<Member, Attempt>? Answered = null,
    TimeSpan? Deadline = null,
    RequestRules? Rules = null,
    Func<Member, Candidate>? Facts = null);
