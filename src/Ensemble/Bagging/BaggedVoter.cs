namespace Ensemble;

/// <summary>One voter of a bagged classifier: the model with its own examples before the text, and what it says on average.</summary>
public sealed class BaggedVoter
{
    internal BaggedVoter(string name, string prefix, double[] center)
    {
        Name = name;
        Prefix = prefix;
        Center = center;
    }

    /// <summary>Gets the name of the voter.</summary>
    public string Name { get; }

    /// <summary>Gets the part of the prompt that stays the same; the model keeps it between texts.</summary>
    public string Prefix { get; }

    /// <summary>Gets the mean log-probability of each label over the examples out of the voter's bag: its habit, which is taken off before the vote.</summary>
    public IReadOnlyList<double> Center { get; }
}
