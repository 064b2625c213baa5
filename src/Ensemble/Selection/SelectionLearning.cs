namespace Ensemble;

/// <summary>
/// What attempts taught about the candidates of one snapshot: how long a model's answers are, and how fast each deployment gives them.
/// Means in fixed memory, aged by the clock at the moment of a copy. Thread-safe; a decision takes a copy and reads no clock itself.
/// </summary>
internal sealed class SelectionLearning
{
    /// <summary>How long a deployment that was too slow is left alone before one request measures it again.</summary>
    public static readonly TimeSpan ProbeInterval = TimeSpan.FromMinutes(1);

    /// <summary>The weight of the newest length: about the last twenty count.</summary>
    private const double Newest = 0.1;

    /// <summary>
    /// How many answers of a model's own weigh as much as what the other models teach. Lengths of answers vary about as much as they are
    /// long, so the mean of four is right to about half, which is what models differ by.
    /// </summary>
    private const double Shrinkage = 4;

    private readonly Lock _lock = new();
    private readonly TimeProvider _time;
    private readonly Candidate[] _candidates;
    private readonly double[] _outputTokens;
    private readonly long[] _answers;
    private readonly AgedMean[] _firstTokenSeconds;
    private readonly AgedMean[] _secondsPerToken;
    private readonly long?[] _probed;
    private readonly InputRatio[] _inputRatios;
    private readonly InputCounting[] _countings;
    private readonly int[] _inFlight;

    public SelectionLearning(SelectionSnapshot snapshot, TimeProvider time)
    {
        _time = time;
        _candidates = snapshot.Candidates;
        _outputTokens = new double[snapshot.MemberCount];
        _answers = new long[snapshot.MemberCount];
        _firstTokenSeconds = new AgedMean[_candidates.Length];
        _secondsPerToken = new AgedMean[_candidates.Length];
        _probed = new long?[_candidates.Length];
        _inputRatios = new InputRatio[snapshot.MemberCount];
        _countings = new InputCounting[snapshot.MemberCount];
        foreach (Candidate candidate in _candidates)
        {
            _countings[candidate.MemberIndex] = candidate.Counting;
        }

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
            long now = _time.GetTimestamp();
            if (outputTokens is > 0 and { } tokens)
            {
                int member = _candidates[candidate].MemberIndex;
                _answers[member]++;
                _outputTokens[member] += Math.Max(Newest, 1.0 / _answers[member]) * (tokens - _outputTokens[member]);

                // Of an answer that came whole only the end is known: what the first token is not known to take is spread over all of them.
                double first = firstContent?.TotalSeconds ?? (double.IsNaN(_firstTokenSeconds[candidate].Mean) ? 0 : _firstTokenSeconds[candidate].Mean);
                _secondsPerToken[candidate].Add(Math.Max(0, duration.TotalSeconds - first) / tokens, now, _time);
            }

            if (firstContent is { } measured)
            {
                _firstTokenSeconds[candidate].Add(measured.TotalSeconds, now, _time);
            }
        }
    }

    /// <summary>Learns from the tokens of a prompt that a provider reported.</summary>
    /// <param name="candidate">Who answered.</param>
    /// <param name="reported">What was reported; what lies above the bound is something that the request does not show.</param>
    /// <param name="profile">The request.</param>
    public void LearnInput(int candidate, long reported, RequestProfile profile)
    {
        Candidate one = _candidates[candidate];
        lock (_lock)
        {
            _inputRatios[one.MemberIndex].Add(Math.Min(reported, one.InputTokens(profile)), one.ExpectedInput(profile));
        }
    }

    /// <summary>Copies what is known now, one entry a candidate.</summary>
    public void CopyTo(Span<CandidateSignals> signals)
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            double pooled = Pooled_NeedsLock();
            for (int i = 0; i < _candidates.Length; i++)
            {
                double own = Weight(_answers[_candidates[i].MemberIndex]);
                signals[i] = new CandidateSignals
                {
                    FirstTokenSeconds = _firstTokenSeconds[i].Value(now, _time),
                    SecondsPerToken = _secondsPerToken[i].Value(now, _time),
                    OutputTokens = pooled + (own * (_outputTokens[_candidates[i].MemberIndex] - pooled)),
                    InputRatio = _inputRatios[_candidates[i].MemberIndex].Value(PooledRatio_NeedsLock(_candidates[i].Counting)),
                    MayProbe = IsDue_NeedsLock(i, now),
                    InFlight = Volatile.Read(ref _inFlight[i]),
                };
            }
        }
    }

    /// <summary>Takes the one request of this interval that may measure a slow candidate again; <see langword="false"/> when another has it.</summary>
    public bool TryProbe(int candidate)
    {
        lock (_lock)
        {
            long now = _time.GetTimestamp();
            bool due = IsDue_NeedsLock(candidate, now);
            _probed[candidate] = due ? now : _probed[candidate];
            return due;
        }
    }

    private static double Weight(long answers) => answers / (answers + Shrinkage);

    private bool IsDue_NeedsLock(int candidate, long now) =>
        !double.IsNaN(_secondsPerToken[candidate].Mean)
        && _time.GetElapsedTime(Math.Max(_secondsPerToken[candidate].At, _probed[candidate] ?? long.MinValue), now) >= ProbeInterval;

    /// <summary>What prompts of this traffic take beyond what is expected, over all models that are counted the same way; whoever was never asked is taken for one of them.</summary>
    private InputRatio PooledRatio_NeedsLock(InputCounting counting)
    {
        InputRatio pooled = default;
        for (int i = 0; i < _inputRatios.Length; i++)
        {
            if (_countings[i] == counting)
            {
                pooled.Pool(_inputRatios[i]);
            }
        }

        return pooled;
    }

    /// <summary>The mean of the models that have answered, each by the weight of its own mean, so that the busiest does not speak for all.</summary>
    private double Pooled_NeedsLock()
    {
        double mean = 0;
        double weights = 0;
        for (int i = 0; i < _answers.Length; i++)
        {
            if (Weight(_answers[i]) is > 0 and var weight)
            {
                // Summed in differences: equal means then give exactly that mean, and equals stay equal.
                weights += weight;
                mean += weight / weights * (_outputTokens[i] - mean);
            }
        }

        return weights == 0 ? CandidateSignals.DefaultOutputTokens : mean;
    }
}
