namespace Ensemble;

/// <summary>The weights of the choices of a few ballots, in memory of the caller's: counting allocates nothing.</summary>
internal ref struct Tally
{
    // Sums of weights like 1/3 are compared as what they mean, and do not depend on the order of adding.
    private const int Digits = 9;

    private readonly ReadOnlySpan<Ballot> _ballots;
    private readonly Span<int> _first;
    private readonly Span<double> _weights;
    private int _votes;

    /// <summary>Counts the ballots that have a choice.</summary>
    /// <param name="ballots">The ballots.</param>
    /// <param name="first">Room for one number a ballot.</param>
    /// <param name="weights">Room for one number a ballot.</param>
    public Tally(ReadOnlySpan<Ballot> ballots, Span<int> first, Span<double> weights)
    {
        _ballots = ballots;
        _first = first;
        _weights = weights;
        for (int i = 0; i < ballots.Length; i++)
        {
            if (ballots[i].Choice is { } choice)
            {
                Add(i, choice, ballots[i].Weight);
            }
        }

        for (int i = 0; i < Count; i++)
        {
            _weights[i] = Math.Round(_weights[i], Digits);
            Total += _weights[i];
            Leader = i == 0 || _weights[i] > _weights[Leader] ? i : Leader;
        }

        for (int i = 0; i < Count; i++)
        {
            Second = i != Leader ? Math.Max(Second, _weights[i]) : Second;
        }
    }

    /// <summary>Gets how many different choices there are.</summary>
    public int Count { get; private set; }

    /// <summary>Gets the weight of all readable ballots.</summary>
    public double Total { get; }

    /// <summary>Gets the place of the choice with the largest weight; the first of equals.</summary>
    public int Leader { get; }

    /// <summary>Gets the largest weight among the other choices; 0 when there is none.</summary>
    public double Second { get; }

    /// <summary>Gets whether no choice has more than one ballot.</summary>
    public readonly bool AllAlone => _votes == Count;

    /// <summary>Gets the weight of the leader; 0 when there is none.</summary>
    public readonly double Leading => Count == 0 ? 0 : _weights[Leader];

    public readonly string Choice(int place) => _ballots[_first[place]].Choice!;

    public readonly double Weight(int place) => _weights[place];

    private void Add(int ballot, string choice, double weight)
    {
        _votes++;
        for (int i = 0; i < Count; i++)
        {
            if (string.Equals(Choice(i), choice, StringComparison.Ordinal))
            {
                _weights[i] += weight;
                return;
            }
        }

        (_first[Count], _weights[Count]) = (ballot, weight);
        Count++;
    }
}
