using Ensemble;

namespace Microsoft.Extensions.AI;

/// <summary>Makes one request of all the turns of a tool loop.</summary>
public static class EnsembleRequestBuilderExtensions
{
    /// <summary>
    /// Starts one envelope for a request with all its turns: the limits in <see cref="EnsembleRequest"/> hold for the whole, and the answer
    /// carries one receipt with each turn's in it. Place it outside function invocation:
    /// <c>router.AsBuilder().UseEnsembleRequest().UseFunctionInvocation()</c>.
    /// </summary>
    /// <param name="builder">The pipeline around a router.</param>
    /// <param name="timeProvider">The clock of deadlines; <see langword="null"/> for the system's.</param>
    /// <returns><paramref name="builder"/>.</returns>
    public static ChatClientBuilder UseEnsembleRequest(this ChatClientBuilder builder, TimeProvider? timeProvider = null)
    {
        ArgumentNullException.ThrowIfNull(builder);
        return builder.Use(inner => new EnsembleRequestChatClient(inner, timeProvider ?? TimeProvider.System));
    }
}
