using System.Numerics;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Keeps generators with the prompts that they have read, within a limit of bytes; the least recently used goes first.</summary>
internal sealed class PrefixPool : IDisposable
{
    private const int SmallestLength = 64;

    private readonly Model _model;
    private readonly ModelAdapters _adapters;
    private readonly ModelFolder _folder;
    private readonly LocalModelCapabilities _capabilities;
    private readonly long _maxBytes;
    private readonly Lock _gate = new();

    // Least recently used first.
    private readonly List<KeptGenerator> _idle = [];
    private long _idleBytes;

    internal PrefixPool(Model model, ModelAdapters adapters, ModelFolder folder, LocalModelCapabilities capabilities, long maxBytes)
    {
        _model = model;
        _adapters = adapters;
        _folder = folder;
        _capabilities = capabilities;
        _maxBytes = maxBytes;
    }

    internal long IdleBytes
    {
        get
        {
            lock (_gate)
            {
                return _idleBytes;
            }
        }
    }

    internal int IdleCount
    {
        get
        {
            lock (_gate)
            {
                return _idle.Count;
            }
        }
    }

    /// <summary>Takes a generator for a prompt out of the pool, or makes one; the caller gives it back or disposes it.</summary>
    internal KeptGenerator Take(string? tenant, ReadOnlySpan<int> prompt, int length, string? adapter = null)
    {
        lock (_gate)
        {
            if (FindBest_NeedsLock(tenant, adapter, prompt) is { } best)
            {
                Remove_NeedsLock(best);
                if (best.MaxLength >= length)
                {
                    return best;
                }

                // It has become too short for its own conversation.
                best.Dispose();
            }
        }

        int maxLength = _folder.Config.CacheLength((int)BitOperations.RoundUpToPowerOf2((uint)Math.Max(length, SmallestLength)));
        using GeneratorParams parameters = new(_model);
        parameters.SetSearchOption("max_length", maxLength);
        Generator generator = new(_model, parameters);
        try
        {
            if (adapter is not null)
            {
                _adapters.Activate(generator, adapter);
            }

            return new KeptGenerator(generator, maxLength, tenant, adapter, _folder.RopeLimit, (long)maxLength * _capabilities.CacheBytesPerToken);
        }
        catch
        {
            generator.Dispose();
            throw;
        }
    }

    /// <summary>Gives a generator back; its cache holds its prompt.</summary>
    internal void Return(KeptGenerator kept)
    {
        if (!_capabilities.CanRewind || kept.Prompt.IsEmpty || kept.Bytes > _maxBytes)
        {
            kept.Dispose();
            return;
        }

        lock (_gate)
        {
            _idle.Add(kept);
            _idleBytes += kept.Bytes;
            while (_idleBytes > _maxBytes)
            {
                KeptGenerator oldest = _idle[0];
                Remove_NeedsLock(oldest);
                oldest.Dispose();
            }
        }
    }

    public void Dispose()
    {
        lock (_gate)
        {
            _idle.ForEach(kept => kept.Dispose());
            _idle.Clear();
            _idleBytes = 0;
        }
    }

    // A generator that would lose more than half of what it holds is left to the prompt that it was made for.
    private KeptGenerator? FindBest_NeedsLock(string? tenant, string? adapter, ReadOnlySpan<int> prompt)
    {
        KeptGenerator? best = null;
        int longest = 0;
        foreach (KeptGenerator kept in _idle)
        {
            int common = kept.Prompt.CommonPrefixLength(prompt);
            if (common > longest && 2 * common >= kept.Prompt.Length && kept.Tenant == tenant && kept.Adapter == adapter
                && kept.Prompt.Length > _folder.RopeLimit == prompt.Length > _folder.RopeLimit)
            {
                best = kept;
                longest = common;
            }
        }

        return best;
    }

    private void Remove_NeedsLock(KeptGenerator kept)
    {
        _idle.Remove(kept);
        _idleBytes -= kept.Bytes;
    }
}
