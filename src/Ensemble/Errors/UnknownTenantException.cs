namespace Ensemble;

/// <summary>A request names a tenant that the configuration does not know. It is refused: a misspelt name would otherwise have no rules. A tenant <c>Default</c> says what holds for all that are not named.</summary>
public sealed class UnknownTenantException : EnsembleException
{
    /// <summary>The tenant that stands for all that are not named, and for requests that name none.</summary>
    internal const string Others = "Default";

    /// <summary>Creates the error.</summary>
    public UnknownTenantException()
    {
    }

    /// <summary>Creates the error with a message.</summary>
    /// <param name="message">The message.</param>
    public UnknownTenantException(string message)
        : base(message)
    {
    }

    /// <summary>Creates the error with a message and its cause.</summary>
    /// <param name="message">The message.</param>
    /// <param name="innerException">The cause.</param>
    public UnknownTenantException(string message, Exception? innerException)
        : base(message, innerException)
    {
    }

    // The other tenants are not listed: who sees the error need not know who they are, and the nearest is what a typo needs.
    internal UnknownTenantException(string tenant, string place, IEnumerable<string> known)
        : base($"The tenant '{tenant}' is not under {place}.{Suggestion.For(tenant, known)} Add it there, or a tenant '{Others}' that says what holds for all that are not named.") => Tenant = tenant;

    /// <summary>Gets the name that is not known; <see langword="null"/> when the error was made without it.</summary>
    public string? Tenant { get; }

    /// <inheritdoc/>
    public override FailureClass FailureClass => FailureClass.BadRequest;
}
