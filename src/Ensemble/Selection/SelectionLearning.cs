namespace Ensemble;

/// <summary>
/// What attempts taught about the candidates of one snapshot: how long a model's answers are, and how fast each deployment gives them.
/// Moving averages in fixed memory. Thread-safe; a decision takes a copy.
/// </summary>
internal sealed class SelectionLearning
{
    /// <summary>The weight of the newest value: about the last twenty count.</summary>
    private const double Newest = 0.1;

    private readonly Lock _lock = new();
    private readonly Candidate[] _candidates;
    private readonly double[] _outputTokens;
    private readonly double[] _firstTokenSeconds;
    private readonly double[] _secondsPerToken;
    private readonly int[] _inFlight;

    public SelectionLearning(SelectionSnapshot snapshot)
    {
        _candidates = snapshot.Candidates;
        _outputTokens = Unknown(snapshot.MemberCount);
        _firstTokenSeconds = Unknown(_candidates.Length);
        _secondsPerToken = Unknown(_candidates.Length);
        _inFlight = new int[_candidates.Length];
    }

    /// <summary>Notes that a candidate is being asked.</summary>
    public void Begin(int candidate) => Interlocked.Increment(ref _inFlight[candidate]);

    /// <summary>Notes that a candidate is no longer being asked.</summary>
    public void End(int candidate) => Interlocked.Decrement(ref _inFlight[candidate]);

    /// <summary>Learns from an answer.</summary>
    /// <param name="candidate">Who answered.</param>
    /// <param name="outputTokens">The tokens of the answer; <see langword="null"/> when unknown.</param>
    /// <param name="firstContent">The time to the first content of a stream; <see langword="null"/> when the answer came whole.</param>
    /// <param name="duration">The time to the end.</param>
    public void Learn(int candidate, long? outputTokens, TimeSpan? firstContent, TimeSpan duration)
    {
        lock (_lock)
        {
            if (outputTokens is > 0 and { } tokens)
            {
                Average_NeedsLock(ref _outputTokens[_candidates[candidate].MemberIndex], tokens);

                // Of an answer that came whole only the end is known: what the first token is not known to take is spread over all of them.
                double first = firstContent?.TotalSeconds ?? (double.IsNaN(_firstTokenSeconds[candidate]) ? 0 : _firstTokenSeconds[candidate]);
                Average_NeedsLock(ref _secondsPerToken[candidate], Math.Max(0, duration.TotalSeconds - first) / tokens);
            }

            if (firstContent is { } measured)
            {
                Average_NeedsLock(ref _firstTokenSeconds[candidate], measured.TotalSeconds);
            }
        }
    }

    /// <summary>Copies what is known now, one entry a candidate.</summary>
    public void CopyTo(Span<CandidateSignals> signals)
    {
        lock (_lock)
        {
            for (int i = 0; i < _candidates.Length; i++)
            {
                double output = _outputTokens[_candidates[i].MemberIndex];
                signals[i] = new CandidateSignals
                {
                    FirstTokenSeconds = _firstTokenSeconds[i],
                    SecondsPerToken = _secondsPerToken[i],
                    OutputTokens = double.IsNaN(output) ? CandidateSignals.DefaultOutputTokens : output,
                    InFlight = Volatile.Read(ref _inFlight[i]),
                };
            }
        }
    }

    private static void Average_NeedsLock(ref double average, double value) =>
        average = double.IsNaN(average) ? value : average + (Newest * (value - average));

    private static double[] Unknown(int count)
    {
        double[] values = new double[count];
        Array.Fill(values, double.NaN);
        return values;
    }
}
