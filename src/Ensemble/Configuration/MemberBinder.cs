namespace Ensemble;

/// <summary>Reads the members of a composition: one string, or an array of strings and objects.</summary>
internal static class MemberBinder
{
    public static IReadOnlyList<MemberOptions> Bind(SettingsReader reader)
    {
        List<MemberOptions> members = [];
        if (!reader.CheckArray())
        {
            return members;
        }

        if (reader.Value is { Length: > 0 } list)
        {
            AddList(reader, list, members);
        }

        foreach (SettingsReader element in reader.Children())
        {
            if (element.HasChildren)
            {
                members.Add(BindObject(element));
            }
            else
            {
                AddList(element, element.Value ?? "", members);
            }
        }

        return members;
    }

    private static void AddList(SettingsReader reader, string list, List<MemberOptions> members)
    {
        if (MemberList.TryParse(list, out List<MemberOptions> parsed, out string problem))
        {
            members.AddRange(parsed);
        }
        else
        {
            reader.Error(problem);
        }
    }

    private static MemberOptions BindObject(SettingsReader reader)
    {
        reader.CheckKeys(FrozenShape.Member);
        MemberOptions member = new()
        {
            Model = reader.GetString("Model") ?? "",
            Name = reader.GetString("Name"),
            Count = reader.GetInt("Count", 1, MemberList.MaximumCount) ?? 1,
            System = reader.GetString("System"),
            Seed = reader.GetLong("Seed"),
            Temperature = (float?)reader.GetDouble("Temperature", 0, 2),
            TopP = (float?)reader.GetDouble("TopP", 0, 1),
            TopK = reader.GetInt("TopK", 1, int.MaxValue),
            MaxOutputTokens = reader.GetInt("MaxOutputTokens", 1, int.MaxValue),
            Examples = BindExamples(reader.Child("Examples")),
        };
        if (member.Model.Length == 0)
        {
            reader.Error("Model is missing: name a model or composition.");
        }

        return member;
    }

    private static List<ChatExample> BindExamples(SettingsReader reader)
    {
        List<ChatExample> examples = [];
        if (!reader.CheckArray())
        {
            return examples;
        }

        foreach (SettingsReader element in reader.Children())
        {
            element.CheckKeys(FrozenShape.Example);
            if (element.GetString("User") is { Length: > 0 } user && element.GetString("Assistant") is { Length: > 0 } assistant)
            {
                examples.Add(new ChatExample(user, assistant));
            }
            else
            {
                element.Error("an example needs both User and Assistant.");
            }
        }

        return examples;
    }
}
