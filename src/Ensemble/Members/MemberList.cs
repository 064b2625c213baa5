using System.Globalization;

namespace Ensemble;

/// <summary>Reads the short form of members: <c>local*2, mini</c>.</summary>
internal static class MemberList
{
    // More voters of one model than this are a typing mistake; curves are flat from 9 on.
    public const int MaximumCount = 99;

    public static List<MemberOptions> Parse(string list)
    {
        ArgumentNullException.ThrowIfNull(list);
        return TryParse(list, out List<MemberOptions> members, out string problem) ? members : throw new ArgumentException(problem, nameof(list));
    }

    public static bool TryParse(string list, out List<MemberOptions> members, out string problem)
    {
        members = [];
        problem = "";
        foreach (string item in list.Split(',', StringSplitOptions.TrimEntries))
        {
            string[] parts = item.Split('*', StringSplitOptions.TrimEntries);
            int count = 1;
            if (parts[0].Length == 0 || parts.Length > 2
                || (parts.Length == 2 && !(int.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out count) && count is >= 1 and <= MaximumCount)))
            {
                problem = $"'{item}' is no member; write a name, or name*N with N from 1 to {MaximumCount}, separated by commas.";
                return false;
            }

            members.Add(new MemberOptions { Model = parts[0], Count = count });
        }

        return true;
    }
}
