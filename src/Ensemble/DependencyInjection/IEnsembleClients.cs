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

    /// <summary>Gets the ledger that pays for the models, with the budgets that hold now; <see langword="null"/> when there is neither a budget nor an <see cref="ILedgerStore"/>.</summary>
    Ledger? Ledger { get; }

    /// <summary>Returns the client of a model or composition; the container owns it.</summary>
    /// <param name="name">The name, without regard to case.</param>
    /// <returns>The client, the same one for every call. It follows the configuration: each request goes to what the name stands for when it starts.</returns>
    /// <exception cref="EnsembleException">Nothing has that name; the message lists the names that exist.</exception>
    [SuppressMessage("Naming", "CA1716:Identifiers should not match keywords", Justification = "The verb of every .NET lookup; Visual Basic can still call it in brackets.")]
    IChatClient Get(string name);

    /// <summary>Says what would happen to a request: its profile, what each rule says of each model, predictions, prices, and the plan. Nobody is asked.</summary>
    /// <param name="name">The name of a model or composition, without regard to case.</param>
    /// <param name="messages">The messages of the request.</param>
    /// <param name="options">The options of the request.</param>
    /// <returns>The explanation.</returns>
    /// <exception cref="EnsembleException">Nothing has that name.</exception>
    RouteExplanation Explain(string name, IEnumerable<ChatMessage> messages, ChatOptions? options = null);
}
