using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Merging;

/// <summary>Counts tokens and, as far as they fit, writes their ids.</summary>
internal ref struct TokenSink(Span<int> destination)
{
    private readonly Span<int> _destination = destination;

    /// <summary>The tokens added, whether or not they fitted.</summary>
    public long Count { get; private set; }

    public void Add(uint token, VocabularyDefinition definition)
    {
        if (Count < _destination.Length)
        {
            _destination[(int)Count] = definition.IdOf(token);
        }

        Count++;
    }

    public void AddId(int id)
    {
        if (Count < _destination.Length)
        {
            _destination[(int)Count] = id;
        }

        Count++;
    }

    /// <summary>Adds tokens whose ids nobody wants.</summary>
    public void Skip(long count) => Count += count;

    /// <summary>Takes back everything after the first <paramref name="count"/> tokens.</summary>
    public void Truncate(long count) => Count = count;
}
