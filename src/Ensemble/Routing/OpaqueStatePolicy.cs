namespace Ensemble;

/// <summary>What a router does with provider state that only its issuer can read: encrypted or signed reasoning in the messages of a conversation.</summary>
public enum OpaqueStatePolicy
{
    /// <summary>Any member may be asked; one that did not issue the state gets the conversation without it.</summary>
    Strip,

    /// <summary>Only the member that issued the last state is asked, whatever fails: nothing of its reasoning is lost.</summary>
    Pin,
}
