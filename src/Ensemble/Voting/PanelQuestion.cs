using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What a panel makes of a request: what members are asked, how their ballots are read, and how they are counted.</summary>
internal sealed class PanelQuestion
{
    private readonly ChatOptions? _options;
    private readonly IVoteRule _rule;

    private PanelQuestion(ChatOptions? options, IVoteRule rule)
    {
        _options = options;
        _rule = rule;
    }

    /// <summary>Gets how ballots are read; <see langword="null"/> for free text.</summary>
    public IBallotNormalizer? Normalizer { get; private init; }

    /// <summary>Gets the choices, when they are given.</summary>
    public IReadOnlyList<string>? Choices { get; private init; }

    /// <summary>Gets whether the answer is the winning choice itself, and not the words of the member that voted for it.</summary>
    public bool AnswersWithChoice { get; private init; }

    /// <summary>Gets whether voters are asked for the probabilities of the choices, where they can tell them.</summary>
    public bool WantsProbabilities => _rule is ProbabilityRule && Choices is not null;

    /// <summary>Gets whether the answers are free text that nothing can compare.</summary>
    public bool IsFreeText => Normalizer is null && Clusters is null;

    /// <summary>Gets how free answers are put together.</summary>
    public AnswerClusterOptions? Clusters { get; private init; }

    /// <summary>Gets whether answers are voted over field by field; a judge, who picks whole answers, is then not asked.</summary>
    public bool IsTyped => _rule is Consensus;

    /// <summary>Gets whether the caller asked for JSON, so that an answer without a readable ballot is none.</summary>
    public bool ExpectsJson => _options?.ResponseFormat is ChatResponseFormatJson && !(Choices is not null && AnswersWithChoice);

    /// <summary>Gets what surrounding cascades will ask of the answer.</summary>
    public IReadOnlyList<DeferRule> Deferrals => _options.GetEnsembleRequest()?.Deferrals ?? [];

    /// <summary>Gets whether it matters which of the winner's voters is the first.</summary>
    public bool NeedsSpeaker => Deferrals.Any(deferral => EarlyStop.NeedsSpeaker(deferral, AnswersWithChoice));

    /// <summary>Gets the temperature that the caller asks for.</summary>
    public float? Temperature => _options?.Temperature;

    public static PanelQuestion Create(string panel, PanelOptions panelOptions, ChatOptions? options)
    {
        if (options?.Tools is { Count: > 0 } && !panelOptions.AllowTools)
        {
            throw new UnsupportedOptionException(
                $"{panel}: a panel refuses Tools, because every member would act. Remove the tools, send the request to a single model, or set AllowTools.");
        }

        if (options?.ConversationId is not null)
        {
            throw new UnsupportedOptionException(
                $"{panel}: a panel refuses ConversationId, because the conversation is kept by one member only. Send the whole conversation as messages.");
        }

        IReadOnlyList<string>? choices = options.GetEnsembleRequest()?.Choices ?? panelOptions.Choices;
        if (options?.ResponseFormat is ChatResponseFormatJson json)
        {
            return choices is null ? Typed(panel, panelOptions, options, json)
                : throw new UnsupportedOptionException($"{panel}: both choices and ResponseFormat say what an answer looks like. Remove one.");
        }

        if (choices is null)
        {
            return new(options, panelOptions.Rule) { Normalizer = panelOptions.Normalizer, Clusters = panelOptions.Clusters };
        }

        if (BallotNormalizer.ProblemWith(choices) is { } problem)
        {
            throw new UnsupportedOptionException($"{panel}: Choices: {problem}");
        }

        ChatOptions constrained = options?.Clone() ?? new ChatOptions();
        constrained.ResponseFormat = ChatResponseFormat.ForJsonSchema(ChoiceJson.Schema(choices), "choice");
        return new(constrained, panelOptions.Rule) { Normalizer = BallotNormalizer.ForChoices(choices), Choices = choices, AnswersWithChoice = true };
    }

    public ChatOptions? OptionsFor(Member member)
    {
        ChatOptions? options = MemberRequest.For(member.Client, _options, keepRawFactory: false);

        // What a cascade asks, it asks of this vote, not of the panels that may vote in it.
        return options.GetEnsembleRequest() is { Deferrals.Count: > 0 } ? options.WithEnsemble(request => request with { Deferrals = [] }) : options;
    }

    /// <summary>Reads the ballot of a member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="result">How its attempt ended.</param>
    /// <param name="weight">The weight of the member.</param>
    /// <param name="onError">Is told what an application's own normalizer threw: that costs the ballot, not the vote.</param>
    public Ballot Read(Member member, AttemptResult result, double weight, Action<Exception> onError)
    {
        string? text = result.Response?.Text;

        // "The total is 1" may have been about to say 12.
        bool isCutOff = !IsFreeText && result.Succeeded && result.Response?.FinishReason == ChatFinishReason.Length;
        string? choice = null;
        try
        {
            choice = text is null || isCutOff ? null : Normalizer?.Read(text);
        }
        catch (Exception exception)
        {
            onError(exception);
        }

        return new Ballot
        {
            Voter = member.Name,
            Text = text,
            Choice = choice,
            Failure = isCutOff ? FailureClass.OutputLimit : result.Succeeded ? null : result.Failure.Class,
            Weight = weight,
            Probabilities = result.Response is { } response ? ChoiceScoring.Read(response) : null,
        };
    }

    public Vote Count(IReadOnlyList<Ballot> ballots) => _rule.Count(ballots);

    /// <summary>Says whether the ballots that are out can change nothing that anybody asks of the vote.</summary>
    public bool IsSettled(ReadOnlySpan<Ballot> arrived, double pendingWeight) => !IsFreeText && Clusters is null && EarlyStop.IsSettled(_rule, arrived, pendingWeight, Deferrals);

    /// <summary>Gives the bounds of the agreement, when the rule knows them.</summary>
    public AgreementBounds? Bound(ReadOnlySpan<Ballot> arrived, double pendingWeight) => (_rule as IBoundedRule)?.Bound(arrived, pendingWeight);

    /// <summary>Gives the votes over the fields of a typed answer, with the shares that are certain.</summary>
    public IReadOnlyList<FieldVote> FieldsOf(IReadOnlyList<Ballot> arrived, double pendingWeight) => (_rule as Consensus)?.FieldsOf(arrived, pendingWeight) ?? [];

    private static PanelQuestion Typed(string panel, PanelOptions panelOptions, ChatOptions options, ChatResponseFormatJson json)
    {
        if (json.Schema is not { } schema)
        {
            throw new UnsupportedOptionException(
                $"{panel}: a panel votes over JSON field by field, and without a schema it does not know the fields. Use GetResponseAsync<T>, give ChatResponseFormat.ForJsonSchema, or ask a single model.");
        }

        if (ChoiceJson.Choices(schema) is { } choices && BallotNormalizer.ProblemWith(choices) is null)
        {
            return new(options, panelOptions.Rule) { Normalizer = BallotNormalizer.ForChoices(choices), Choices = choices };
        }

        EnsembleRequest? request = options.GetEnsembleRequest();
        foreach (string path in request?.FieldRules?.Keys ?? [])
        {
            if (FieldPaths.ProblemWith(path, schema) is { } unknown)
            {
                throw new UnsupportedOptionException($"{panel}: FieldRules: {unknown}");
            }
        }

        Consensus consensus = new(schema, request?.FieldRules, request?.NumberTolerance ?? 0);
        return new(options, consensus) { Normalizer = consensus, AnswersWithChoice = true };
    }
}
