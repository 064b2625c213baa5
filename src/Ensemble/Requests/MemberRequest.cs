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

    /// <summary>Puts the running envelope and the rules on the options of a member that understands them.</summary>
    /// <param name="envelope">What the request shares with all that is nested in it.</param>
    /// <param name="rules">What every model must satisfy.</param>
    /// <param name="member">Who is asked.</param>
    /// <param name="options">The options as the member sees them.</param>
    /// <param name="facts">What the composition knows of the member; <see langword="null"/> for what the member says of itself.</param>
    /// <param name="loan">What the attempt has taken under a price ceiling.</param>
    public static ChatOptions? Within(Envelope? envelope, RequestRules? rules, Member member, ChatOptions? options, Candidate? facts = null, CeilingLoan? loan = null)
    {
        // Middleware around a model may ask it several times.
        bool logs = member.Client is not ModelChatClient && member.Client.GetService<ModelChatClient>() is { IsLeaf: true };
        if ((envelope is null && rules is null && !logs) || !Understands(member.Client))
        {
            return options;
        }

        AskedModel? asked = rules is not null && member.Client.GetService<ModelChatClient>() is { } model && (IsOld(facts, member.Client) ? member.Facts : facts ?? member.Facts) is { } known ? new(model, known) : null;
        CallLog? calls = logs ? new CallLog(loan) : null;
        if (loan is not null)
        {
            loan.Calls = calls;
        }

        return options.WithEnsemble(request => request with { Envelope = envelope ?? request.Envelope, Rules = rules, Asked = asked, IsNested = true, Calls = calls });
    }

    // A reload between the plan and the call.
    private static bool IsOld(Candidate? facts, IChatClient client) => facts?.Source is { } source && client.GetService<SelectionMember>() is { } now && !ReferenceEquals(source, now);

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
