using System.Globalization;
using Ensemble;
using Microsoft.Extensions.AI;
using Spectre.Console;

namespace PanelSample;

/// <summary>Shows a vote while it is going on: a live table for a person, a line a ballot in a pipe.</summary>
internal sealed class Screen
{
    private const int Quarters = 4;

    private readonly IAnsiConsole _console;
    private readonly bool _isLive;

    public Screen(IAnsiConsole console)
    {
        _console = console;
        _isLive = console.Profile.Capabilities.Interactive && !Console.IsOutputRedirected;
        if (Console.IsOutputRedirected)
        {
            // Nobody's window: no line is broken.
            console.Profile.Width = 4096;
        }
    }

    public void Say(string text) => _console.WriteLine(text);

    /// <summary>Runs a long piece of work with a bar, or with a line every quarter.</summary>
    public Task<T> WorkAsync<T>(string name, Func<IProgress<BaggingProgress>, Task<T>> work) => _isLive
        ? _console.Progress().AutoClear(true).StartAsync(context =>
        {
            ProgressTask task = context.AddTask(name);
            return work(new Report(done => task.MaxValue(done.Total).Value(done.Done)));
        })
        : work(new Report(done =>
        {
            int quarter = done.Done * Quarters / done.Total;
            if (quarter > (done.Done - 1) * Quarters / done.Total)
            {
                _console.WriteLine($"{name}: {quarter * 100 / Quarters} %");
            }
        }));

    /// <summary>Shows each ballot as it arrives, then who was stopped, who dissents, and the receipt.</summary>
    public async Task ShowAsync(LabeledExample ticket, IAsyncEnumerable<ChatResponseUpdate> stream)
    {
        _console.WriteLine();
        _console.MarkupLineInterpolated($"[bold]> {ticket.Text}[/]");
        List<ChatResponseUpdate> updates = [];
        HashSet<string> seen = [];
        if (_isLive)
        {
            Table table = new Table().Border(TableBorder.Rounded).AddColumns("voter", "says");
            await _console.Live(table).StartAsync(async live =>
            {
                await foreach (ChatResponseUpdate update in stream)
                {
                    updates.Add(update);
                    if (update.GetBallot() is { } ballot)
                    {
                        seen.Add(ballot.Voter);
                        table.AddRow(Markup.Escape(ballot.Voter), Markup.Escape(Words(ballot)));
                        live.Refresh();
                    }
                }
            });
        }
        else
        {
            await foreach (ChatResponseUpdate update in stream)
            {
                updates.Add(update);
                if (update.GetBallot() is { } ballot)
                {
                    seen.Add(ballot.Voter);
                    _console.WriteLine($"  {ballot.Voter}: {Words(ballot)}");
                }
            }
        }

        ChatResponse response = updates.ToChatResponse();
        Vote vote = response.GetVote()!;
        string[] stopped = [.. vote.Ballots.Where(ballot => ballot.Failure == FailureClass.Cancelled).Select(ballot => ballot.Voter)];
        string[] dissent = [.. vote.Ballots.Where(ballot => ballot.Choice is not null && ballot.Choice != vote.Winner).Select(ballot => $"{ballot.Voter} ({ballot.Choice})")];
        _console.WriteLine($"{response.Text} (right: {ticket.Label}), {Share(vote)}");

        // Who had answered when the vote was settled, but had not arrived: in the result, and in no line above.
        foreach (Ballot late in vote.Ballots.Where(ballot => ballot.Choice is not null && !seen.Contains(ballot.Voter)))
        {
            _console.WriteLine($"  late, {late.Voter}: {Words(late)}");
        }

        _console.WriteLine(stopped.Length == 0 ? "nobody was stopped" : $"decided early; stopped: {string.Join(", ", stopped)}");
        _console.WriteLine(dissent.Length == 0 ? "no dissent" : $"dissent: {string.Join(", ", dissent)}");
        _console.MarkupLineInterpolated($"[grey]{response.GetReceipt()}[/]");
    }

    // Who was stopped may have meant either.
    private static string Share(Vote vote) => vote.Agreement == vote.PossibleAgreement ? $"{Percent(vote.Agreement)} of the weight" : $"{Percent(vote.Agreement)} of the weight is certain, {Percent(vote.PossibleAgreement)} possible";

    private static string Percent(double share) => $"{(share * 100).ToString("0", CultureInfo.InvariantCulture)} %";

    private static string Words(Ballot ballot) => ballot.Choice ?? (ballot.Failure is { } failure ? $"no ballot ({failure})" : "no ballot");

    private sealed class Report(Action<BaggingProgress> report) : IProgress<BaggingProgress>
    {
        void IProgress<BaggingProgress>.Report(BaggingProgress value) => report(value);
    }
}
