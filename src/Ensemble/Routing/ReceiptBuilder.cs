namespace Ensemble;

/// <summary>Collects what happens to one request until its receipt is written. Most requests take one attempt and no note, and allocate no list for them.</summary>
internal sealed class ReceiptBuilder(string name, string kind, TimeProvider time, long start)
{
    private Attempt? _first;
    private List<Attempt>? _attempts;
    private List<string>? _notes;
    private bool _degraded;

    public ReceiptBuilder(string name, string kind, TimeProvider time)
        : this(name, kind, time, time.GetTimestamp())
    {
    }

    public IReadOnlyList<Attempt> Attempts => _attempts is not null ? _attempts : _first is not null ? [_first] : [];

    public TimeSpan Elapsed => time.GetElapsedTime(start);

    /// <summary>Adds an attempt; one that gave no answer makes the answer a lesser one.</summary>
    public void Add(Attempt attempt) => Add(attempt, degrades: true);

    /// <summary>Adds an attempt.</summary>
    /// <param name="attempt">The attempt.</param>
    /// <param name="degrades">Whether the answer is a lesser one when this attempt gave none.</param>
    public void Add(Attempt attempt, bool degrades)
    {
        _degraded |= degrades && (attempt.Outcome is AttemptOutcome.Failed or AttemptOutcome.Skipped || attempt.Receipt is { Degraded: true });
        if (_first is null)
        {
            _first = attempt;
        }
        else
        {
            (_attempts ??= [_first]).Add(attempt);
        }
    }

    public void Note(string note) => (_notes ??= []).Add(note);

    /// <summary>Marks the answer as less than was asked for, and says why.</summary>
    public void Degrade(string note)
    {
        _degraded = true;
        Note(note);
    }

    public Receipt Build(string? answeredBy = null, Vote? vote = null) => new()
    {
        Name = name,
        Kind = kind,
        AnsweredBy = answeredBy,
        Attempts = _attempts is not null ? [.. _attempts] : _first is not null ? [_first] : [],
        Vote = vote,
        Duration = Elapsed,
        Degraded = _degraded,
        Notes = _notes is null ? [] : [.. _notes],
    };
}
