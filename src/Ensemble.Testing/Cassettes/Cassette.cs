using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;

namespace Ensemble.Testing;

/// <summary>
/// Answers of a real client, recorded once and replayed offline. A prompt is kept only as a hash by which its answer is found; keys and
/// tokens in answers, and prompts and instructions that an answer repeats in its text, its reasoning or the arguments of its tools, are replaced before
/// anything is kept. An answer recorded whole may be replayed as
/// a stream, and the other way round. Errors are not recorded. Thread-safe.
/// </summary>
public sealed class Cassette
{
    private const int Version = 1;
    private static readonly JsonSerializerOptions Indented = new(AIJsonUtilities.DefaultOptions) { WriteIndented = true };

    private readonly Lock _lock = new();
    private readonly Dictionary<string, List<JsonArray>> _answers = new(StringComparer.Ordinal);
    private readonly List<(string Key, JsonArray Updates)> _order = [];

    /// <summary>Gets how many answers are recorded.</summary>
    public int Count
    {
        get
        {
            lock (_lock)
            {
                return _order.Count;
            }
        }
    }

    /// <summary>Reads a cassette from a file.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The cassette.</returns>
    /// <exception cref="InvalidDataException">The file is no cassette, or of another version.</exception>
    public static Cassette Load(string path)
    {
        Cassette cassette = new();
        if (Parse(path) is not JsonObject root || root["calls"] is not JsonArray calls)
        {
            throw new InvalidDataException($"'{path}' is not a cassette.");
        }

        if (root["version"]?.ToString() != $"{Version}")
        {
            throw new InvalidDataException($"Cassette '{path}' is not of version {Version}: record it anew.");
        }

        foreach (JsonNode? call in calls)
        {
            if (call is not JsonObject || call["prompt"] is not JsonValue prompt || call["updates"] is not JsonArray updates)
            {
                throw new InvalidDataException($"Cassette '{path}' has a call without prompt or updates.");
            }

            cassette.Add(prompt.ToString(), updates.DeepClone().AsArray());
        }

        return cassette;
    }

    /// <summary>
    /// Opens a client that replays a file, or records it when it does not exist yet and writes it when it is disposed: unless a call failed or none came to
    /// its end, since what is missing on a cassette would be missing in every replay.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <param name="client">Makes the real client; not called when the file exists.</param>
    /// <returns>The client.</returns>
    public static IChatClient Open(string path, Func<IChatClient> client)
    {
        ArgumentNullException.ThrowIfNull(client);
        if (File.Exists(path))
        {
            return Load(path).Replay();
        }

        Cassette cassette = new();
        return new RecordingChatClient(client(), cassette, path);
    }

    /// <summary>Wraps a client so that its answers are recorded here.</summary>
    /// <param name="client">The client; the wrapper disposes it.</param>
    /// <returns>The recording client.</returns>
    public IChatClient Record(IChatClient client) => new RecordingChatClient(client, this, saveTo: null);

    /// <summary>Makes a client that answers from this cassette; the same prompt asked again gets the next answer, the last one again and again.</summary>
    /// <returns>The client; a prompt that was never recorded is an <see cref="InvalidOperationException"/>.</returns>
    public IChatClient Replay() => new ReplayingChatClient(this);

    /// <summary>Writes the cassette to a file; folders on its way are made.</summary>
    /// <param name="path">The file.</param>
    public void Save(string path)
    {
        JsonArray calls = [];
        lock (_lock)
        {
            foreach ((string key, JsonArray updates) in _order)
            {
                calls.Add((JsonNode)new JsonObject { ["prompt"] = key, ["updates"] = updates.DeepClone() });
            }
        }

        JsonObject root = new() { ["version"] = Version, ["calls"] = calls };
        string full = Path.GetFullPath(path);
        _ = Directory.CreateDirectory(Path.GetDirectoryName(full)!);

        // Whole or not at all: half a cassette would be taken for one.
        string part = $"{full}.{Guid.NewGuid():N}";
        File.WriteAllText(part, root.ToJsonString(Indented).ReplaceLineEndings("\n") + "\n");
        File.Move(part, full, overwrite: true);
    }

    internal void Add(IReadOnlyList<ChatMessage> messages, ChatOptions? options, IReadOnlyList<ChatResponseUpdate> updates) =>
        Add(PromptHash.Of(messages, options), Scrubber.Scrub(updates, messages, options));

    internal IReadOnlyList<ChatResponseUpdate> Find(string key, int nth)
    {
        JsonArray found;
        lock (_lock)
        {
            if (!_answers.TryGetValue(key, out List<JsonArray>? answers))
            {
                throw new InvalidOperationException($"The cassette has no answer to this prompt ({key[..12]}…, {_order.Count} recorded): the messages or options differ from the recorded ones; record it anew.");
            }

            found = answers[Math.Min(nth, answers.Count - 1)];
        }

        return [.. found.Select(update => (ChatResponseUpdate)update.Deserialize(AIJsonUtilities.DefaultOptions.GetTypeInfo(typeof(ChatResponseUpdate)))!)];
    }

    private static JsonNode? Parse(string path)
    {
        try
        {
            return JsonNode.Parse(File.ReadAllText(path));
        }
        catch (JsonException error)
        {
            throw new InvalidDataException($"'{path}' is not a cassette: {error.Message}", error);
        }
    }

    private void Add(string key, JsonArray updates)
    {
        lock (_lock)
        {
            if (!_answers.TryGetValue(key, out List<JsonArray>? answers))
            {
                _answers.Add(key, answers = []);
            }

            answers.Add(updates);
            _order.Add((key, updates));
        }
    }
}
