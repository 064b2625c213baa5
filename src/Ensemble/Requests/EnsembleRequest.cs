using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>What a caller asks of the ensemble itself; immutable. It never reaches a member that is not part of the ensemble.</summary>
public sealed record EnsembleRequest
{
    /// <summary>Gets the tenant on whose behalf the request is made; nothing that is kept between requests is shared between tenants.</summary>
    /// <value>The default value is <see langword="null"/>: no tenant.</value>
    public string? Tenant { get; init; }

    /// <summary>
    /// Gets the conversation that the request belongs to, by a name of the application's own: budgets per conversation add up what it spends. Unlike
    /// <c>ChatOptions.ConversationId</c>, which one provider has given out and which changes with each answer at some, it binds the request to no member. It is not serialised.
    /// </summary>
    /// <value>The default value is <see langword="null"/>: that of <c>ChatOptions.ConversationId</c>.</value>
    [JsonIgnore]
    public string? Conversation { get; init; }

    /// <summary>Gets the choices that a panel votes over, in place of those it is configured with.</summary>
    /// <value>The default value is <see langword="null"/>: those of the panel.</value>
    public IReadOnlyList<string>? Choices { get; init; }

    /// <summary>Gets what this request must have of a model, beyond what the composition and the tenant require.</summary>
    /// <value>The default value is <see cref="Requirements.None"/>.</value>
    public Requirements Requirements { get; init; } = Requirements.None;

    /// <summary>Gets what a router prefers for this request, in place of its own objective.</summary>
    /// <value>The default value is <see langword="null"/>: that of the router.</value>
    public Objective? Objective { get; init; }

    /// <summary>Gets what the request is about, when the caller knows; it selects the quality of that domain.</summary>
    /// <value>The default value is <see langword="null"/>: unknown.</value>
    public string? Domain { get; init; }

    /// <summary>Gets how long the request may take with everything nested in it. It is not serialised: a response cache must find the same question again.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but those of compositions.</value>
    [JsonIgnore]
    public TimeSpan? TimeLimit { get; init; }

    /// <summary>Gets what the request may cost in US dollars with everything nested in it; a model of unknown price is then refused. It is not serialised.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but those of budgets.</value>
    [JsonIgnore]
    public decimal? MaxUsd { get; init; }

    /// <summary>Gets how many attempts the request may make with everything nested in it: calls that routers make, those of a model in the turns of a request, and repairs of either. How many ballots a panel takes is said by its own options. It is not serialised.</summary>
    /// <value>The default value is <see langword="null"/>: no limit but those of compositions.</value>
    [JsonIgnore]
    public int? MaxAttempts { get; init; }

    /// <summary>Gets the running envelope, once there is one.</summary>
    [JsonIgnore]
    internal Envelope? Envelope { get; init; }

    /// <summary>Gets what holds for every model that is asked, once somebody on the way has found out.</summary>
    [JsonIgnore]
    internal RequestRules? Rules { get; init; }

    /// <summary>Gets the model that is asked and what the composition that asks it knows of it; it is of no concern to any other model.</summary>
    [JsonIgnore]
    internal AskedModel? Asked { get; init; }

    /// <summary>Gets where the calls of one attempt are written down; a composition in between has its own.</summary>
    [JsonIgnore]
    internal CallLog? Calls { get; init; }

    /// <summary>Gets what the cascades on the way will ask of the answer: a panel does not stop before that is settled.</summary>
    [JsonIgnore]
    internal IReadOnlyList<DeferRule> Deferrals { get; init; } = [];

    /// <summary>Gets the budgets that the compositions on the way name; others are of no concern.</summary>
    [JsonIgnore]
    internal IReadOnlyList<string> Budgets { get; init; } = [];

    /// <summary>Gets whether a composition passed the request on: its receipt is then a branch, and no turn of its own.</summary>
    [JsonIgnore]
    internal bool IsNested { get; init; }

    /// <summary>Gets how a panel votes over single fields of a typed answer, by JSON pointer (<c>/address/city</c>; <c>/items/*</c> stands for every element). A panel refuses a path that its schema does not have.</summary>
    /// <value>The default value is <see langword="null"/>: by each field's type.</value>
    public IReadOnlyDictionary<string, FieldRule>? FieldRules { get; init; }

    /// <summary>Gets by how much two numbers of a typed answer may differ, relative to the larger one, and still agree.</summary>
    /// <value>The default value is 0: only the same number agrees.</value>
    public double NumberTolerance { get; init; }
}
