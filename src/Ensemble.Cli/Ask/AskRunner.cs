using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>Runs <c>ask</c>.</summary>
internal static class AskRunner
{
    /// <summary>Asks, streams the answer to the user, and ends with what the receipt says.</summary>
    public static async Task<int> RunAsync(CliContext context, AskRequest request, CancellationToken cancellationToken)
    {
        ChatOptions options = await CreateOptionsAsync(request, cancellationToken);
        await using EnsembleSession session = EnsembleSession.Open(context, request.ConfigurationFile, request.Model);
        foreach (string remark in session.Remarks)
        {
            context.Terminal.Hint(remark);
        }

        IChatClient client = request.Panel is { } voters ? CreatePanel(session, request, voters) : session.ChosenClient();
        IAskPresenter presenter = request.Json ? new AskJsonPresenter(context.Terminal, request) : new AskTextPresenter(context.Terminal, request);
        List<ChatResponseUpdate> updates = [];
        await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync(CreateMessages(request), options, cancellationToken))
        {
            updates.Add(update);
            presenter.Update(update);
        }

        presenter.End(updates.ToChatResponse());
        return ExitCode.Ok;
    }

    private static PanelChatClient CreatePanel(EnsembleSession session, AskRequest request, int voters)
    {
        string name = session.ChosenName;
        MemberOptions samples = new() { Model = name, Count = voters, Temperature = request.Temperature ?? AskCommand.PanelTemperature };
        return new PanelChatClient("panel", Member.Create([samples], session.Clients.Get), new PanelOptions { Choices = request.Choices, Normalizer = CreateNormalizer(request) });
    }

    // Choices and schemas say themselves how ballots are read; other answers count as equal when their words are.
    private static IBallotNormalizer? CreateNormalizer(AskRequest request) =>
        request.Choices is null && request.SchemaFile is null ? BallotNormalizer.ShortAnswer : null;

    private static async Task<ChatOptions> CreateOptionsAsync(AskRequest request, CancellationToken cancellationToken) => new()
    {
        MaxOutputTokens = request.MaxTokens,
        Temperature = request.Temperature ?? (request.Panel is null ? 0 : null),
        Seed = request.Seed,
        ResponseFormat = request.SchemaFile is { } schema ? await SchemaFile.ReadAsync(schema, cancellationToken) : null,
    };

    private static List<ChatMessage> CreateMessages(AskRequest request)
    {
        List<ChatMessage> messages = [new(ChatRole.User, request.Question)];
        if (request.System is { } system)
        {
            messages.Insert(0, new ChatMessage(ChatRole.System, system));
        }

        return messages;
    }
}
