using System.Globalization;
using Microsoft.Extensions.AI;

namespace Ensemble;

/// <summary>
/// Finds where a request holds sensitive data, for whoever asks why it stays local. Each part of the request is read by itself, in the way in which the
/// whole is read when it is asked whether there is such data.
/// </summary>
/// <param name="detector">Finds sensitive data beyond the known formats.</param>
internal sealed class SensitivePlaces(SensitiveTextDetector? detector)
{
    private readonly List<SensitivePlace> _places = [];

    /// <summary>Lists the places in the order of the request.</summary>
    public static IReadOnlyList<SensitivePlace> Of(IReadOnlyList<ChatMessage> messages, ChatOptions? options, SensitiveTextDetector? detector)
    {
        SensitivePlaces found = new(detector);
        if (options is not null)
        {
            found.Look("the instructions", options.Instructions, [], new ChatOptions { Instructions = options.Instructions });
            ChatOptions others = options.Clone();
            others.Instructions = null;
            found.Look("the options", own: null, [], others);
        }

        for (int i = 0; i < messages.Count; i++)
        {
            found.Look(messages[i], string.Create(CultureInfo.InvariantCulture, $"message {i + 1}"));
        }

        return found._places;
    }

    private void Look(ChatMessage message, string where)
    {
        int before = _places.Count;
        if (message.AuthorName is { Length: > 0 } author)
        {
            Look($"the author of {where}", author, [new ChatMessage { AuthorName = author }], options: null);
        }

        for (int i = 0; i < message.Contents.Count; i++)
        {
            string part = message.Contents.Count == 1 ? where : string.Create(CultureInfo.InvariantCulture, $"{where}, part {i + 1}");
            Look(part + What(message.Contents[i]), OwnText(message.Contents[i]), [new ChatMessage(message.Role, [message.Contents[i]])], options: null);
        }

        if (message.Contents.Count > 1)
        {
            // What is cut in two by the end of a part.
            SensitiveData known = _places.Skip(before).Aggregate(SensitiveData.None, static (all, place) => all | place.Kind);
            Add(where + ", its parts joined", Kinds(ScannedText.Of([message], options: null)) & ~known);
        }
    }

    private void Look(string where, string? own, IReadOnlyList<ChatMessage> messages, ChatOptions? options)
    {
        SensitiveData known = SensitiveData.None;
        foreach (SensitiveMatch match in SensitiveDataScanner.EnumerateMatches(own))
        {
            known |= match.Kind;
            _places.Add(new SensitivePlace(match.Kind, where, match.Start, match.Length));
        }

        Add(where, Kinds(ScannedText.Of(messages, options)) & ~known);
    }

    private void Add(string where, SensitiveData kinds)
    {
        foreach (SensitiveData kind in Enum.GetValues<SensitiveData>().Where(kind => kind is not (SensitiveData.None or SensitiveData.All) && kinds.HasFlag(kind)))
        {
            _places.Add(new SensitivePlace(kind, where));
        }
    }

    private SensitiveData Kinds(ScannedText scanned)
    {
        SensitiveData found = scanned.HasUnreadable ? SensitiveData.Unreadable : SensitiveData.None;
        foreach (string text in scanned.Texts)
        {
            found |= SensitiveDataScanner.Scan(text) | (detector?.Invoke(text) ?? SensitiveData.None);
        }

        return found;
    }

    private static string? OwnText(AIContent content) => content switch
    {
        TextContent text => text.Text,
        TextReasoningContent reasoning => reasoning.Text,
        FunctionResultContent { Result: string result } => result,
        _ => null,
    };

    private static string What(AIContent content) => content switch
    {
        TextContent => "",
        TextReasoningContent => ", reasoning",
        FunctionCallContent => ", call of a tool",
        FunctionResultContent => ", result of a tool",
        ErrorContent => ", error",
        DataContent or UriContent => ", attachment",
        _ => ", content of another kind",
    };
}
