using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>What a panel makes of a request: what members are asked, and how their ballots are read.</summary>
internal sealed class PanelQuestion
{
    private readonly ChatOptions? _options;

    private PanelQuestion(ChatOptions? options, IBallotNormalizer? normalizer, bool answersWithChoice)
    {
        _options = options;
        Normalizer = normalizer;
        AnswersWithChoice = answersWithChoice;
    }

    /// <summary>Gets how ballots are read; <see langword="null"/> for free text.</summary>
    public IBallotNormalizer? Normalizer { get; }

    /// <summary>Gets whether the answer is the winning choice itself, and not the words of the member that voted for it.</summary>
    public bool AnswersWithChoice { get; }

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
            return choices is null ? new(options, BallotNormalizer.ForChoices(SchemaChoices(panel, json)), answersWithChoice: false)
                : throw new UnsupportedOptionException($"{panel}: both choices and ResponseFormat say what an answer looks like. Remove one.");
        }

        if (choices is null)
        {
            return new(options, panelOptions.Normalizer, answersWithChoice: false);
        }

        if (BallotNormalizer.ProblemWith(choices) is { } problem)
        {
            throw new UnsupportedOptionException($"{panel}: Choices: {problem}");
        }

        ChatOptions constrained = options?.Clone() ?? new ChatOptions();
        constrained.ResponseFormat = ChatResponseFormat.ForJsonSchema(ChoiceJson.Schema(choices), "choice");
        return new(constrained, BallotNormalizer.ForChoices(choices), answersWithChoice: true);
    }

    public ChatOptions? OptionsFor(Member member) => MemberRequest.For(member.Client, _options, keepRawFactory: false);

    /// <summary>Reads the ballot of a member.</summary>
    /// <param name="member">The member.</param>
    /// <param name="result">How its attempt ended.</param>
    /// <param name="onError">Is told what an application's own normalizer threw: that costs the ballot, not the vote.</param>
    public Ballot Read(Member member, AttemptResult result, Action<Exception> onError)
    {
        string? text = result.Response?.Text;
        string? choice = null;
        try
        {
            choice = text is null ? null : Normalizer?.Read(text);
        }
        catch (Exception exception)
        {
            onError(exception);
        }

        return new Ballot { Voter = member.Name, Text = text, Choice = choice, Failure = result.Succeeded ? null : result.Failure.Class };
    }

    private static IReadOnlyList<string> SchemaChoices(string panel, ChatResponseFormatJson json) =>
        json.Schema is { } schema && ChoiceJson.Choices(schema) is { } choices && BallotNormalizer.ProblemWith(choices) is null
            ? choices
            : throw new UnsupportedOptionException(
                $"{panel}: a panel votes over JSON only when its schema is an enum of at least two strings. Give such a schema, give choices, or ask a single model.");
}
