namespace Ensemble;

/// <summary>Says how a vote ended; a tie and the lack of agreement are results, not errors.</summary>
public enum VoteOutcome
{
    /// <summary>One choice has more votes than any other.</summary>
    Decided = 0,

    /// <summary>Two or more choices share the lead.</summary>
    Tied,

    /// <summary>No choice has more than one vote.</summary>
    NoAgreement,

    /// <summary>The answers are free text that nothing can compare; the greedy member's answer was returned.</summary>
    NoConsensus,

    /// <summary>The leading choice has less than the rule asks for: the panel abstains; the leading answer was returned all the same.</summary>
    NoQuorum,
}
