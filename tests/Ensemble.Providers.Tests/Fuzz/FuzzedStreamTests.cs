using System.Globalization;
using System.Text;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>
/// Damaged streams through the guard and the real SDKs: no crash, no hang, no silent loss. What arrives is either the text of the
/// readable events in full with a finish reason, or a beginning of it with a typed failure. 10,000 a dialect; more by <c>ENSEMBLE_FUZZ</c>,
/// others by the first seed in <c>ENSEMBLE_FUZZ_FROM</c>.
/// </summary>
internal sealed class FuzzedStreamTests
{
    private const int Shown = 20;
    private static readonly Answer Original = new() { Pieces = ["Alpha ", "beta", " \"gamma\"\n", "{delta} ", "ε-ζ ", "done."] };

    private static int Count => Number("ENSEMBLE_FUZZ") ?? 10_000;

    private static int From => Number("ENSEMBLE_FUZZ_FROM") ?? 0;

    public static IEnumerable<DialectScript> Dialects => DialectScript.All;

    [TestCaseSource(nameof(Dialects))]
    public async Task Streaming_DamagedBytes_NeitherCrashNorHangNorLoseText(DialectScript dialect)
    {
        Play play = dialect.Stream(Original);
        byte[] intact = [.. play.Segments.SelectMany(s => s)];
        List<string> differences = [];
        int answered = 0;
        for (int seed = From; seed < From + Count && differences.Count < Shown; seed++)
        {
            Random random = new(seed);
            byte[] bytes = Damage(random, play, intact);
            (string received, bool ended, Exception? error) = await ReadAsync(dialect, play.ContentType, Cut(random, bytes)).WaitAsync(TimeSpan.FromSeconds(30));
            answered += ended ? 1 : 0;
            (string text, bool clean) = StreamOracle.Read(dialect, bytes);
            string? problem = error is not (null or ProviderException) ? $"threw {error.GetType().Name}: {error.Message}"
                : ended && (received != text || !clean) ? $"ended well with '{received}', but the events say '{text}'{(clean ? "" : " and one cannot be read")}"
                : !ended && !text.StartsWith(received, StringComparison.Ordinal) ? $"failed after '{received}', but the events say '{text}'"
                : null;
            if (problem is not null)
            {
                differences.Add($"seed {seed}: {problem}\n{Encoding.UTF8.GetString(bytes)}");
            }
        }

        Assert.That(differences, Is.Empty, string.Join("\n\n", differences));
        Assert.That(answered, Is.GreaterThan(0), "Every stream failed: the damage is too great to test anything.");
    }

    private static int? Number(string variable) =>
        int.TryParse(Environment.GetEnvironmentVariable(variable), NumberStyles.Integer, CultureInfo.InvariantCulture, out int number) ? number : null;

    private static async Task<(string Received, bool Ended, Exception? Error)> ReadAsync(DialectScript dialect, string contentType, IReadOnlyList<ReadOnlyMemory<byte>> pieces)
    {
        using PiecesHandler handler = new(contentType, pieces);
        using HostedChatClient client = new(Model(dialect), handler);
        StringBuilder received = new();
        ChatFinishReason? finish = null;
        try
        {
            await foreach (ChatResponseUpdate update in client.GetStreamingResponseAsync("?"))
            {
                received.Append(update.Text);
                finish ??= update.FinishReason;
            }

            return (received.ToString(), true, finish is null ? new InvalidOperationException("ended without a finish reason") : null);
        }
        catch (Exception error)
        {
            return (received.ToString(), false, error);
        }
    }

    internal static HostedModel Model(DialectScript dialect)
    {
        ModelOptions options = new();
        options.Hosted(dialect.Preset, "test-model").With("Endpoint", "http://127.0.0.1:1/").With("ApiKey", DialectScript.Key);
        if (dialect.Api is { } api)
        {
            options.With("Api", api);
        }

        ModelRegistration registration = new() { Name = "member", Provider = dialect.Preset, Model = "test-model", Path = "test", Settings = new Dictionary<string, string>(options.Settings) };
        Assert.That(ProviderPresets.TryFind(dialect.Preset, out ProviderPreset? preset), Is.True);
        using ServiceProvider services = new ServiceCollection().BuildServiceProvider();
        return new HostedModelProvider(preset!).Describe(registration, services);
    }

    private static byte[] Damage(Random random, Play play, byte[] intact)
    {
        List<byte> bytes = [.. intact];
        for (int i = random.Next(0, 4); i > 0 && bytes.Count > 1; i--)
        {
            int at = random.Next(bytes.Count);
            switch (random.Next(8))
            {
                case 0:
                    bytes[at] = (byte)random.Next(256);
                    break;
                case 1:
                    bytes.RemoveAt(at);
                    break;
                case 2:
                    bytes.Insert(at, (byte)random.Next(256));
                    break;
                case 3:
                    bytes.RemoveRange(at, Math.Min(random.Next(1, 60), bytes.Count - at));
                    break;
                case 4:
                    bytes.RemoveRange(at, bytes.Count - at);
                    break;
                case 5:
                    bytes.InsertRange(at, play.Segments[random.Next(play.Segments.Count)]);
                    break;
                case 6:
                    bytes.InsertRange(at, "\r\n"u8.ToArray());
                    break;
                default:
                    bytes[at] ^= (byte)(1 << random.Next(8));
                    break;
            }
        }

        return [.. bytes];
    }

    private static List<ReadOnlyMemory<byte>> Cut(Random random, byte[] bytes)
    {
        List<ReadOnlyMemory<byte>> pieces = [];
        int longest = random.Next(1, 400);
        for (int at = 0; at < bytes.Length;)
        {
            int length = Math.Min(random.Next(1, longest + 1), bytes.Length - at);
            pieces.Add(bytes.AsMemory(at, length));
            at += length;
        }

        return pieces;
    }
}
