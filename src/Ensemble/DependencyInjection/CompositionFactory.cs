using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes the client of a composition once its members are known.</summary>
internal delegate IChatClient CompositionFactory(IReadOnlyList<Member> members, EnsembleRuntime runtime);
