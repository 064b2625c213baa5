using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>Makes the options that one member sees from those of the caller.</summary>
internal static class MemberRequest
{
    /// <summary>Clears what is meant for the composition: the model hint, and for foreign members the request context.</summary>
    public static ChatOptions? For(IChatClient member, ChatOptions? options, bool keepRawFactory, bool takesContext = true)
    {
        if (options is null)
        {
            return null;
        }

        ChatOptions own = options.Clone();
        own.ModelId = null;
        if (!keepRawFactory)
        {
            own.RawRepresentationFactory = null;
        }

        RemoveContext(takesContext ? member : null, own);
        return own;
    }

    /// <summary>Returns the options without the request context, unless the member understands it.</summary>
    public static ChatOptions? WithoutContext(IChatClient member, ChatOptions? options)
    {
        if (options.GetEnsembleRequest() is null || Understands(member))
        {
            return options;
        }

        ChatOptions own = options!.Clone();
        RemoveContext(member, own);
        return own;
    }

    /// <summary>Puts the running envelope on the options of a member that understands it.</summary>
    public static ChatOptions? Within(Envelope? envelope, IChatClient member, ChatOptions? options) =>
        envelope is null || !Understands(member) ? options : options.WithEnsemble(request => request with { Envelope = envelope, IsNested = true });

    private static void RemoveContext(IChatClient? member, ChatOptions own)
    {
        if (own.GetEnsembleRequest() is not null && (member is null || !Understands(member)))
        {
            own.AdditionalProperties = new(own.AdditionalProperties!);
            own.AdditionalProperties.Remove(EnsembleRequestExtensions.RequestKey);
        }
    }

    /// <summary>Says whether a member is part of the ensemble and reads the request context.</summary>
    public static bool Understands(IChatClient member) => member.GetService<IEnsembleMember>() is not null;
}
