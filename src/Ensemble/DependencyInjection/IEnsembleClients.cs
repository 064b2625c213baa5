using System.Diagnostics.CodeAnalysis;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>The models and compositions of an application by name. Safe for use by many threads at once.</summary>
public interface IEnsembleClients
{
    /// <summary>Gets the name that the unkeyed <see cref="IChatClient"/> stands for; <see langword="null"/> when there is no default.</summary>
    string? DefaultName { get; }

    /// <summary>Gets every model, in the order of registration; nothing is loaded for that.</summary>
    IReadOnlyList<ModelRegistration> Models { get; }

    /// <summary>Gets every composition, in the order of registration.</summary>
    IReadOnlyList<CompositionRegistration> Compositions { get; }

    /// <summary>Returns the client of a model or composition; the container owns it.</summary>
    /// <param name="name">The name, without regard to case.</param>
    /// <returns>The client, the same one for every call.</returns>
    /// <exception cref="EnsembleException">Nothing has that name; the message lists the names that exist.</exception>
    [SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "The verb of every .NET lookup; Visual Basic can still call it in brackets.")]
    IChatClient Get(string name);
}
