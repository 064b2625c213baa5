namespace Ensemble;

/// <summary>Reads one of given choices.</summary>
internal sealed class ChoiceNormalizer(IReadOnlyList<string> choices) : IBallotNormalizer
{
    public string? Read(string answer)
    {
        string text = ChoiceJson.Unwrap(answer).Trim().Trim('"', '\'', '*', ' ').TrimEnd('.', '"', '\'', '*', ' ');
        foreach (string choice in choices)
        {
            if (choice.Equals(text, StringComparison.OrdinalIgnoreCase))
            {
                return choice;
            }
        }

        return Named(text);
    }

    // A sentence that names one choice is a ballot for it; one that names two ("billing or account"), or denies the one, is none. "Not A but B" names B.
    private string? Named(string text)
    {
        string? found = null;
        List<ChoiceMention> said = [];
        List<ChoiceMention> denied = [];
        foreach (string choice in choices)
        {
            for (int at = WholeWord.IndexOf(text, choice); at >= 0; at = WholeWord.IndexOf(text, choice, at + choice.Length))
            {
                // The "spam" of "not spam" is no word of its own when both are choices, and "un-safe" is not "safe".
                if (IsInsideLonger(text, choice, at) || WholeWord.IsPartOfMore(text, at, at + choice.Length))
                {
                    continue;
                }

                ChoiceMention mention = new(choice, at, at + choice.Length);
                if (mention.IsOfSomethingElse(text) || mention.IsUncertain(text))
                {
                    return null;
                }

                if (Denial.Covers(text, mention.Start, mention.End))
                {
                    denied.Add(mention);
                }
                else if (found is not null && found != choice)
                {
                    return null;
                }
                else
                {
                    found = choice;
                    said.Add(mention);
                }
            }
        }

        return denied.TrueForAll(other => other.Choice != found && said.Exists(mention => mention.IsInsteadOf(other, text))) ? found : null;
    }

    private bool IsInsideLonger(string text, string choice, int at)
    {
        foreach (string other in choices)
        {
            int offset = other.Length > choice.Length ? WholeWord.IndexOf(other, choice) : -1;
            if (offset >= 0 && at >= offset && WholeWord.IsAt(text, other, at - offset))
            {
                return true;
            }
        }

        return false;
    }
}
