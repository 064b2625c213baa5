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
            if (Names(text, choice))
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

    private static bool Names(string text, string choice)
    {
        int at = 0;
        while ((at = text.IndexOf(choice, at, StringComparison.OrdinalIgnoreCase)) >= 0)
        {
            int end = at + choice.Length;
            if ((at == 0 || !char.IsLetterOrDigit(text[at - 1])) && (end == text.Length || !char.IsLetterOrDigit(text[end])))
            {
                return true;
            }

            at++;
        }

        return false;
    }
}
