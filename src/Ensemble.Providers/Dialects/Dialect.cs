using System.Text.Json;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>One protocol and the SDK that speaks it: how to connect, what the SDK's adapter passes on, and how to read along.</summary>
internal abstract class Dialect
{
    // The SDKs insist on a key; the real one is put on the request beneath them, so that they never hold it.
    protected const string NoKey = "not-the-key";

    /// <summary>Whether a stream is JSON lines instead of server-sent events.</summary>
    public virtual bool JsonLines => false;

    /// <summary>Whether the SDK makes its request on the caller's thread before it first waits, and so needs no execution context to find the attempt.</summary>
    public virtual bool AsksAtOnce => false;

    /// <summary>What the SDK's adapter hands to the provider; everything else it drops in silence, and so it is noted or refused here.</summary>
    public abstract HostedOptions Passes { get; }

    /// <summary>Which tool-call ids the protocol takes.</summary>
    public virtual int MaxToolCallIdLength => 64;

    public abstract WireReader CreateReader(AttemptRecord record);

    public abstract AnswerShaper CreateShaper(AttemptRecord record);

    /// <summary>Reads a streamed answer, of which the SDK's adapter only asks for the first update.</summary>
    /// <param name="record">The attempt.</param>
    /// <param name="asked">The adapter's stream.</param>
    public virtual IAsyncEnumerator<ChatResponseUpdate> Read(AttemptRecord record, IAsyncEnumerator<ChatResponseUpdate> asked) => asked;

    public abstract IChatClient Connect(HostedModel model, WireGuard guard, HttpClient http);

    /// <summary>Changes the request's own options where the SDK's adapter has no word for them.</summary>
    public virtual void Shape(ChatOptions options, HostedModel model, OptionNotes notes)
    {
    }

    /// <summary>Says whether reasoning in a conversation goes to the provider; what a provider would refuse does not.</summary>
    /// <param name="reasoning">The reasoning.</param>
    /// <param name="isForeign">Whether another deployment gave it; <see langword="null"/> when nobody knows.</param>
    public virtual bool PassesReasoning(TextReasoningContent reasoning, bool? isForeign) => isForeign is not true || reasoning.ProtectedData is null;

    /// <summary>Whether the adapter hands this tool on.</summary>
    public virtual bool PassesTool(AITool tool) => tool is AIFunctionDeclaration;

    /// <summary>Whether the adapter hands this schema of an answer on.</summary>
    public virtual bool PassesSchema(JsonElement schema) => true;

    protected static string Trimmed(Uri address) => address.AbsoluteUri.TrimEnd('/');
}
