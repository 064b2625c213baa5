namespace Ensemble;

/// <summary>A model that a composition asks, under the name and by the description that the composition knows it by.</summary>
/// <param name="Leaf">The model.</param>
/// <param name="Facts">What is known of it.</param>
internal sealed record AskedModel(ModelChatClient Leaf, Candidate Facts);
