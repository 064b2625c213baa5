namespace Ensemble;

/// <summary>What the client of one deployment answers when it is asked which model it belongs to.</summary>
/// <param name="Model">The whole model, with all of its deployments.</param>
internal sealed record DeploymentOf(SelectionMember Model);
