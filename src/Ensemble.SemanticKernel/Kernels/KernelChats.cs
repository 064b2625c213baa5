using System.Collections.Concurrent;
using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The models and compositions of an application as a Kernel wants them, each made once; there are never more than names.</summary>
internal sealed class KernelChats(IEnsembleClients clients, IServiceProvider services)
{
    private readonly ConcurrentDictionary<string, KernelChat> _chats = new(StringComparer.OrdinalIgnoreCase);

    public string? DefaultName => clients.DefaultName;

    public KernelChat Get(string name) => _chats.GetOrAdd(name, static (name, self) => new KernelChat(self.Client(name), self.Services), this);

    public bool TryGet(string name, [NotNullWhen(true)] out KernelChat? chat)
    {
        bool known = clients.Models.Any(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            || clients.Compositions.Any(composition => composition.Name.Equals(name, StringComparison.OrdinalIgnoreCase));
        chat = known ? Get(name) : null;
        return known;
    }

    private IServiceProvider Services => services;

    private IChatClient Client(string name) => clients.Get(name);
}
