using System.Globalization;
using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble.Cli;

/// <summary>One run of <c>chat</c>. Answers go to standard output, all else to standard error, so that a pipe carries answers only.</summary>
internal sealed class ChatRun(CliContext context, string? configurationFile, string? model, string? system, int maxTokens, float temperature) : IAsyncDisposable
{
    private static readonly ChatRole[] Roles = [ChatRole.System, ChatRole.User, ChatRole.Assistant];

    private readonly List<ChatMessage> _history = system is null ? [] : [new(ChatRole.System, system)];
    private EnsembleSession _session = EnsembleSession.Open(context, configurationFile, model);
    private Receipt? _receipt;
    private decimal _cost;
    private bool _isCostKnown = true;
    private int _answers;

    private Terminal Terminal => context.Terminal;

    /// <summary>Reads lines until the input ends. In a pipe the first failure ends the run with its exit code; a person sees it and goes on.</summary>
    public async Task<int> RunAsync(CancellationToken cancellationToken)
    {
        bool isPerson = !Terminal.Features.InputIsRedirected;
        string name = _session.ChosenName;
        if (isPerson)
        {
            Terminal.Hint($"{name} answers. /help lists the commands, /quit ends.");
        }

        while (true)
        {
            if (isPerson)
            {
                Terminal.Error.Write("> ");
            }

            string? line = await Terminal.In.ReadLineAsync(cancellationToken);
            if (line is null || line.Trim() is "/quit" or "/exit")
            {
                return ExitCode.Ok;
            }

            try
            {
                await TakeAsync(line.Trim(), cancellationToken);
            }
            catch (Exception error) when (isPerson && error is not OperationCanceledException && !(error is IOException closed && StandardOutput.IsClosed(closed)))
            {
                Terminal.Fail(ErrorReport.Explain(error).Message);
            }
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => _session.DisposeAsync();

    private async Task TakeAsync(string line, CancellationToken cancellationToken)
    {
        if (line.Length == 0)
        {
            return;
        }

        if (line[0] == '/' && !line.StartsWith("//", StringComparison.Ordinal))
        {
            string[] parts = line.Split(' ', 2, StringSplitOptions.TrimEntries);
            await ObeyAsync(parts[0], parts.Length > 1 ? parts[1] : "", cancellationToken);
            return;
        }

        await AskAsync(line[0] == '/' ? line[1..] : line, cancellationToken);
    }

    private async Task AskAsync(string question, CancellationToken cancellationToken)
    {
        ChatMessage asked = new(ChatRole.User, question);
        List<ChatResponseUpdate> updates = [];
        ChatOptions options = new() { MaxOutputTokens = maxTokens, Temperature = temperature };

        // A question that fails is not part of the conversation: it may be asked again, or of another model.
        await foreach (ChatResponseUpdate update in _session.ChosenClient().GetStreamingResponseAsync([.. _history, asked], options, cancellationToken))
        {
            updates.Add(update);
            await Terminal.Out.WriteAsync(update.Text);
        }

        await Terminal.Out.WriteLineAsync();
        ChatResponse response = updates.ToChatResponse();
        _history.Add(asked);
        _history.Add(new ChatMessage(ChatRole.Assistant, response.Text));
        _answers++;
        _receipt = response.GetReceipt();
        if (_receipt?.CostUsd is { } cost)
        {
            _cost += cost;
        }
        else
        {
            _isCostKnown = false;
        }

        if (response.FinishReason == ChatFinishReason.Length)
        {
            Terminal.Hint($"The answer was cut at {maxTokens} tokens; --max-tokens allows more.");
        }
    }

    private async Task ObeyAsync(string command, string argument, CancellationToken cancellationToken)
    {
        switch (command)
        {
            case "/help":
                await Terminal.Error.WriteLineAsync(ChatLines.Help);
                break;
            case "/model" when argument.Length == 0:
                await Terminal.Error.WriteLineAsync(_session.ChosenName);
                break;
            case "/model":
                await ChangeAsync(argument);
                break;
            case "/receipt":
                await Terminal.Error.WriteLineAsync(_receipt?.ToString() ?? "Nobody has answered yet.");
                break;
            case "/cost":
                await Terminal.Error.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{_answers} answers, ${_cost:0.######}{(_isCostKnown ? "" : " and more: the price of some answers is unknown")}"));
                break;
            case "/history":
                foreach (ChatMessage message in _history)
                {
                    await Terminal.Error.WriteLineAsync($"{message.Role.Value}: {message.Text}");
                }

                break;
            case "/clear":
                _history.RemoveAll(message => message.Role != ChatRole.System);
                break;
            case "/save" when argument.Length > 0:
                ChatTurn[] turns = [.. _history.Select(message => new ChatTurn(message.Role.Value, message.Text))];
                await File.WriteAllTextAsync(argument, JsonSerializer.Serialize(turns, CliJson.Readable.ChatTurnArray), cancellationToken);
                Terminal.Hint($"{turns.Length} messages are in '{argument}'.");
                break;
            case "/load" when argument.Length > 0:
                await LoadAsync(argument, cancellationToken);
                break;
            case "/save" or "/load":
                throw new CliException($"{command} needs the name of a file.");
            default:
                string known = UsageReport.Nearest(command, ["/model", "/receipt", "/cost", "/history", "/clear", "/save", "/load", "/help", "/quit"]) is { } nearest ? $" Did you mean '{nearest}'?" : " /help lists them.";
                throw new CliException($"There is no command '{command}'.{known}");
        }
    }

    private async Task ChangeAsync(string name)
    {
        EnsembleSession next = EnsembleSession.Open(context, configurationFile, name);
        try
        {
            string chosen = next.ChosenName;
            _ = next.ChosenClient();
            (EnsembleSession before, _session) = (_session, next);
            await before.DisposeAsync();
            Terminal.Hint($"{chosen} answers from here on, and knows the conversation.");
        }
        catch
        {
            if (!ReferenceEquals(_session, next))
            {
                await next.DisposeAsync();
            }

            throw;
        }
    }

    private async Task LoadAsync(string file, CancellationToken cancellationToken)
    {
        ChatTurn[]? turns;
        try
        {
            turns = JsonSerializer.Deserialize(await File.ReadAllTextAsync(file, cancellationToken), CliJson.Readable.ChatTurnArray);
        }
        catch (JsonException error)
        {
            throw new CliException($"'{file}' is no saved conversation: {error.Message}");
        }

        if (turns is null || turns.Any(turn => turn is not { Text: not null, Role: not null } || !Roles.Contains(new ChatRole(turn.Role))))
        {
            throw new CliException($"'{file}' is no saved conversation: an array of {{ \"role\": \"user\" | \"assistant\" | \"system\", \"text\": … }}.");
        }

        _history.Clear();
        _history.AddRange(turns.Select(turn => new ChatMessage(new ChatRole(turn.Role), turn.Text)));
        Terminal.Hint($"{turns.Length} messages are here.");
    }
}
