namespace Ensemble;

/// <summary>Reads one of given choices.</summary>
internal sealed class ChoiceNormalizer(IReadOnlyList<string> choices) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        string text = ChoiceJson.Unwrap(answer).Trim().Trim('"', '\'', '.', '*', ' ');
        foreach (string choice in choices)
        {
            if (choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        // A sentence that names one choice is a ballot for it; one that names two ("not billing but account") is none.
        string? found = null;
        foreach (string choice in choices)
        {
            if (WholeWord.IndexOf(text, choice) >= 0)
            {
                if (found is not null)
                {
                    return null;
                }

                found = choice;
            }
        }

        return found;
    }
}
