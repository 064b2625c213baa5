namespace Ensemble;

/// <summary>Where the next secret stands that has its name in ASCII, so that it is looked for once however many others stand before it.</summary>
internal struct NamedPlace
{
    /// <summary>Where its name begins; the length of the text when there is none.</summary>
    public int Name;

    /// <summary>Where its value begins.</summary>
    public int Start;

    /// <summary>Where its value ends.</summary>
    public int End;
}
