using System.Text.Json;

namespace Ensemble;

/// <summary>What a leaf declares about itself; it answers <c>client.GetService&lt;MemberTraits&gt;()</c>.</summary>
public sealed class MemberTraits
{
    internal static readonly MemberTraits Unknown = new();

    /// <summary>Gets whether every whole answer of the leaf has a finish reason, so that a missing one means the answer is cut off.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool ReportsFinishReason { get; init; }

    /// <summary>Gets whether the leaf computes in this process and so costs nothing.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool InProcess { get; init; }

    /// <summary>Gets whether the leaf can call tools; a router does not ask one that cannot when tools are given.</summary>
    /// <value>The default value is <see langword="true"/>: nothing speaks against it.</value>
    public bool CallsTools { get; init; } = true;

    /// <summary>Gets whether the leaf checks an answer against the schema of the request itself, and asks once more when it does not fit: money for both calls is then set aside. It first asks <see cref="FurtherCall.TryTake"/>.</summary>
    /// <value>The default value is <see langword="false"/>.</value>
    public bool RepairsAnswers { get; init; }

    /// <summary>Gets for which schemas the leaf does that, when it depends on the schema; not asked when <see cref="RepairsAnswers"/> is set.</summary>
    /// <value>The default value is <see langword="null"/>: for none.</value>
    public Func<JsonElement, bool>? RepairsSchema { get; init; }

    internal bool Repairs(JsonElement schema) => RepairsAnswers || RepairsSchema?.Invoke(schema) is true;

    /// <summary>Gets the context window in tokens, prompt and answer together; <see langword="null"/> when unknown.</summary>
    public long? ContextWindow { get; init; }
}
