namespace Ensemble;

/// <summary>A worked example that is shown to a member before the question.</summary>
public sealed class ChatExample
{
    /// <summary>Creates an example.</summary>
    /// <param name="user">What a user said.</param>
    /// <param name="assistant">The right answer.</param>
    /// <exception cref="ArgumentException">A part is empty.</exception>
    public ChatExample(string user, string assistant)
    {
        ArgumentException.ThrowIfNullOrEmpty(user);
        ArgumentException.ThrowIfNullOrEmpty(assistant);
        User = user;
        Assistant = assistant;
    }

    /// <summary>Gets what a user said.</summary>
    public string User { get; }

    /// <summary>Gets the right answer.</summary>
    public string Assistant { get; }
}
