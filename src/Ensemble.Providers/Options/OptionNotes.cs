namespace Ensemble;

/// <summary>What was dropped from a request, for the receipt; a model with strict options refuses instead.</summary>
internal sealed class OptionNotes(HostedModel model)
{
    private List<string>? _notes;

    public IReadOnlyList<string> Notes => _notes ?? (IReadOnlyList<string>)[];

    public void Add(string note)
    {
        if (_notes?.Contains(note) is not true)
        {
            (_notes ??= []).Add(note);
        }
    }

    /// <summary>Drops an option that cannot be honoured.</summary>
    /// <exception cref="UnsupportedOptionException">The model's options are strict.</exception>
    public void Drop(string option)
    {
        if (model.StrictOptions)
        {
            throw new UnsupportedOptionException(
                $"{option} cannot be honoured by model '{model.Name}' ({model.Preset.Name}): leave it out, ask another model, or set StrictOptions to false.");
        }

        Add($"{option} was dropped: {model.Preset.Name} cannot honour it.");
    }
}
