namespace Ensemble;

/// <summary>Reads what a model says in answer, without its thoughts and tags.</summary>
/// <param name="inner">Reads that.</param>
/// <param name="keepsTags">Whether tags are left alone: code may hold them.</param>
internal sealed class StatedNormalizer(IBallotNormalizer inner, bool keepsTags = false) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        ArgumentNullException.ThrowIfNull(answer);
        if (keepsTags)
        {
            return inner.Read(StatedAnswer.WithoutLeadingThoughts(ModelTokens.WithoutAround(answer)));
        }

        string said = StatedAnswer.Of(answer);
        return Correction.NamesWrong(said) || StatedAnswer.IsUncertainBox(said) ? null : inner.Read(said);
    }
}
