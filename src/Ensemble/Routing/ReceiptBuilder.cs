namespace Ensemble;

/// <summary>Collects what happens to one request until its receipt is written.</summary>
internal sealed class ReceiptBuilder(string name, string kind, TimeProvider time)
{
    private readonly long _start = time.GetTimestamp();
    private readonly List<Attempt> _attempts = [];
    private readonly List<string> _notes = [];

    public IReadOnlyList<Attempt> Attempts => _attempts;

    public TimeSpan Elapsed => time.GetElapsedTime(_start);

    public void Add(Attempt attempt) => _attempts.Add(attempt);

    public void Note(string note) => _notes.Add(note);

    public Receipt Build(string? answeredBy = null, Vote? vote = null) => new()
    {
        Name = name,
        Kind = kind,
        AnsweredBy = answeredBy,
        Attempts = [.. _attempts],
        Vote = vote,
        Duration = time.GetElapsedTime(_start),
        Degraded = _attempts.Exists(static a => a.Outcome is AttemptOutcome.Failed or AttemptOutcome.Skipped || a.Receipt is { Degraded: true }),
        Notes = [.. _notes],
    };
}
