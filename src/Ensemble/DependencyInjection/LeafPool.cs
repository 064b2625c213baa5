using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Keeps the clients of providers across reloads, so that a model that did not change is neither loaded again nor forgotten.</summary>
internal sealed class LeafPool
{
    private readonly Lock _lock = new();
    private readonly List<SharedLeaf> _leaves = [];

    /// <summary>Returns the client of a registration, made if there is none yet. The caller releases it.</summary>
    public SharedLeaf Hold(ModelRegistration model, Func<IServiceProvider, IChatClient>? own, Func<IChatClient> create)
    {
        lock (_lock)
        {
            if (Find_NeedsLock(model, own) is { } known)
            {
                known.Hold_NeedsLock();
                return known;
            }
        }

        // A provider's code runs outside of the lock; the generation that asks makes each of its clients once.
        SharedLeaf made = new(model, own, create());
        lock (_lock)
        {
            _leaves.Add(made);
            made.Hold_NeedsLock();
            return made;
        }
    }

    public void Release(IEnumerable<SharedLeaf> leaves)
    {
        List<SharedLeaf> unused = [];
        lock (_lock)
        {
            foreach (SharedLeaf leaf in leaves)
            {
                if (leaf.Release_NeedsLock())
                {
                    _leaves.Remove(leaf);
                    unused.Add(leaf);
                }
            }
        }

        unused.ForEach(leaf => leaf.Client.Dispose());
    }

    private SharedLeaf? Find_NeedsLock(ModelRegistration model, Func<IServiceProvider, IChatClient>? own) => _leaves.Find(leaf => leaf.Fits(model, own));
}
