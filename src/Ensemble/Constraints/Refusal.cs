namespace Ensemble;

/// <summary>A deployment of a member that may not be asked, and the rules that refused it. The words are made when they are read.</summary>
public sealed class Refusal
{
    private const string Undescribed =
        "the request has rules, and nothing is known of this client: describe it with AsModel(new SelectionMember { … }), add it with AddModel, or describe it under SelectionOptions.Members of the router that asks it";

    private readonly Candidate _candidate;
    private readonly Requirements _requirements;
    private readonly RequestProfile _profile;
    private string? _reason;

    internal Refusal(ConstraintRules rules, Candidate candidate, Requirements requirements, RequestProfile profile)
    {
        Rules = rules;
        _candidate = candidate;
        _requirements = requirements;
        _profile = profile;
    }

    /// <summary>Gets the name of the member.</summary>
    public string Member => _candidate.Member;

    /// <summary>Gets the name of the deployment.</summary>
    public string Deployment => _candidate.Deployment.Name;

    /// <summary>Gets the rules that refused it.</summary>
    public ConstraintRules Rules { get; }

    /// <summary>Gets the reasons in words, without text of the prompt.</summary>
    public string Reason => _reason ??= Rules == ConstraintRules.Undescribed ? Undescribed : string.Join("; ", Constraint.All.Select(rule => rule.Explain(Rules, _candidate, _requirements, _profile)).OfType<string>());

    /// <inheritdoc/>
    public override string ToString() => _candidate.HasSiblings ? $"{Member} ({Deployment}): {Reason}" : $"{Member}: {Reason}";
}
