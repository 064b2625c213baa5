namespace Ensemble;

/// <summary>Finds compositions that would, through their members, ask themselves.</summary>
internal static class Cycles
{
    public static IEnumerable<string> Find(IReadOnlyList<CompositionRegistration> compositions)
    {
        Dictionary<string, CompositionRegistration> byName = new(StringComparer.OrdinalIgnoreCase);
        foreach (CompositionRegistration composition in compositions)
        {
            byName.TryAdd(composition.Name, composition);
        }

        HashSet<string> done = new(StringComparer.OrdinalIgnoreCase);
        List<string> errors = [];
        foreach (CompositionRegistration composition in compositions)
        {
            Visit(composition, byName, [], done, errors);
        }

        return errors;
    }

    private static void Visit(CompositionRegistration node, Dictionary<string, CompositionRegistration> byName, List<string> path, HashSet<string> done, List<string> errors)
    {
        int start = path.FindIndex(name => name.Equals(node.Name, StringComparison.OrdinalIgnoreCase));
        if (start >= 0)
        {
            errors.Add($"{node.Path}:Members: a composition asks itself: {string.Join(" → ", path.Skip(start).Append(node.Name))}; remove one of these members.");
            return;
        }

        if (done.Contains(node.Name))
        {
            return;
        }

        path.Add(node.Name);
        foreach (MemberOptions member in node.Members)
        {
            if (byName.TryGetValue(member.Model, out CompositionRegistration? next))
            {
                Visit(next, byName, path, done, errors);
            }
        }

        path.RemoveAt(path.Count - 1);
        done.Add(node.Name);
    }
}
