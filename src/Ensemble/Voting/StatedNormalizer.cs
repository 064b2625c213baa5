namespace Ensemble;

/// <summary>Reads what a model says in answer, without its thoughts and tags.</summary>
/// <param name="inner">Reads that.</param>
/// <param name="keepsTags">Whether tags are left alone: code and JSON may hold them.</param>
internal sealed class StatedNormalizer(IBallotNormalizer inner, bool keepsTags = false) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        return inner.Read(keepsTags ? StatedAnswer.WithoutThoughts(answer) : StatedAnswer.Of(answer));
    }
}
