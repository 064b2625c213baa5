namespace Ensemble.Tokenization.Counting;

/// <summary>As many caches as there are processors, made when first needed; further callers do without.</summary>
internal sealed class IdCachePool
{
    private readonly IdCache?[] _idle = new IdCache?[Environment.ProcessorCount];
    private int _made = 1;

    public IdCachePool() => _idle[0] = new IdCache();

    /// <summary>Takes a cache that nobody else uses; null when all are in use.</summary>
    public IdCache? Rent()
    {
        for (int i = 0; i < _idle.Length; i++)
        {
            if (_idle[i] is not null && Interlocked.Exchange(ref _idle[i], null) is { } idle)
            {
                return idle;
            }
        }

        return _made < _idle.Length && Interlocked.Increment(ref _made) <= _idle.Length ? new IdCache() : null;
    }

    /// <summary>Gives a cache back.</summary>
    public void Return(IdCache? cache)
    {
        for (int i = 0; cache is not null && i < _idle.Length; i++)
        {
            if (Interlocked.CompareExchange(ref _idle[i], cache, null) is null)
            {
                return;
            }
        }
    }
}
