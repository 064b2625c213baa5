namespace Ensemble;

/// <summary>What a semantic router knows about its members.</summary>
public sealed class SemanticRouterOptions
{
    /// <summary>Gets the specialities: the name of a route is the name of the member that answers it.</summary>
    public IList<SemanticRoute> Routes { get; } = [];

    /// <summary>Gets or sets the member that answers what fits no route, and what a specialist failed to answer; required.</summary>
    public string Otherwise { get; set; } = "";

    /// <summary>Gets how texts are compared, and when none of the routes fits.</summary>
    public SemanticOptions Matching { get; } = new();

    /// <summary>Gets how the router goes on after a failure.</summary>
    public RouterOptions Routing { get; } = new();

    internal IEnumerable<string> MemberNames => Routes.Select(route => route.Name).Append(Otherwise).Distinct(StringComparer.OrdinalIgnoreCase);

    internal void Validate()
    {
        if (Routes.Count == 0)
        {
            throw new ArgumentException("Routes is empty; add a SemanticRoute for each specialist.", nameof(Routes));
        }

        if (string.IsNullOrWhiteSpace(Otherwise))
        {
            throw new ArgumentException("Otherwise is not set; name the member that answers what fits no route.", nameof(Otherwise));
        }

        Matching.Validate();
        Routing.Validate();
    }
}
