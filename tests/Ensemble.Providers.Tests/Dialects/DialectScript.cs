using System.Text;
using System.Text.Json.Nodes;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;

namespace Ensemble.Providers.Tests;

/// <summary>Writes the answers of one protocol, from its public documentation; no recording of anybody's service.</summary>
internal abstract class DialectScript
{
    public const string Key = "sk-test-0123456789abcdefSECRET";

    public static readonly DialectScript[] All = [new ChatScript(), new ResponsesScript(), new MessagesScript(), new OllamaScript()];

    /// <summary>The name in test names and tables.</summary>
    public abstract string Name { get; }

    /// <summary>The preset that is asked: the protocol's own provider, or <see cref="As"/>.</summary>
    public string Preset => As ?? OwnPreset;

    /// <summary>Another provider that speaks this protocol.</summary>
    public string? As { get; init; }

    protected abstract string OwnPreset { get; }

    public virtual string? Api => null;

    /// <summary>Every provider of the table that is not the protocol's own, in the protocol that it speaks.</summary>
    public static IEnumerable<DialectScript> Others =>
        from preset in ProviderPresets.All
        from script in preset.Protocol == "chat" ? preset.Responses ? new DialectScript[] { new ChatScript { As = preset.Name }, new ResponsesScript { As = preset.Name } } : [new ChatScript { As = preset.Name }] : []
        where preset.Name != script.OwnPreset
        select script;

    /// <summary>What this provider cannot do: what its protocol cannot, and what the table of presets says of it.</summary>
    public string? LackOf(Behaviour behaviour)
    {
        if (Lacks.TryGetValue(behaviour, out string? why))
        {
            return why;
        }

        _ = ProviderPresets.TryFind(Preset, out ProviderPreset? preset);
        return (behaviour, preset!.Lacks) switch
        {
            (Behaviour.JsonSchema, var lacks) when lacks.HasFlag(HostedOptions.JsonSchema) => "instructed, checked and repaired once",
            (Behaviour.LogProbabilities, var lacks) when lacks.HasFlag(HostedOptions.LogProbabilities) => "noted or refused",
            (Behaviour.RequiredTool, var lacks) when lacks.HasFlag(HostedOptions.RequiredTool) => "noted or refused",
            _ => null,
        };
    }

    /// <summary>What the protocol or its SDK cannot do; declared here, so that the table can say so.</summary>
    public virtual IReadOnlyDictionary<Behaviour, string> Lacks { get; } = new Dictionary<Behaviour, string>();

    public abstract Play Whole(Answer answer);

    /// <summary>One segment an event.</summary>
    public abstract Play Stream(Answer answer);

    /// <summary>The number of leading events of a stream that hold no content.</summary>
    public abstract int Preamble { get; }

    public abstract string ErrorBody(string code, string message);

    /// <summary>An error in the middle of a stream whose status was 200.</summary>
    public abstract byte[] ErrorEvent(string code, string message);

    /// <summary>Events that a client has to skip.</summary>
    public abstract IReadOnlyList<byte[]> Noise { get; }

    /// <summary>An event whose JSON is broken.</summary>
    public abstract byte[] Malformed { get; }

    /// <summary>An event with bytes that are no UTF-8.</summary>
    public abstract byte[] InvalidUtf8 { get; }

    /// <summary>The end of the stream without its finish reason, and whole answers without one.</summary>
    public abstract Play StreamWithoutFinish(Answer answer);

    public abstract Play WholeWithoutFinish(Answer answer);

    public abstract Play WholeWithForeignFinish(Answer answer);

    public abstract Play StreamWithForeignFinish(Answer answer);

    /// <summary>An answer without any choice or content block.</summary>
    public abstract Play WholeWithoutChoices { get; }

    /// <summary>The code that this protocol uses for each class of failure.</summary>
    public abstract string CodeOf(FailureClass failure);

    public Play PlayOf(Answer answer, bool streaming) => streaming ? Stream(answer) : Whole(answer);

    public Play Error(int status, string code, string message = "Something went wrong.") => Play.Json(ErrorBody(code, message), status);

    /// <summary>A client as an application gets it: from the container, by name.</summary>
    public IChatClient Connect(RecordedRoute route, params (string Setting, string Value)[] settings) => Connect(Preset, route, settings);

    public IChatClient Connect(string preset, RecordedRoute route, params (string Setting, string Value)[] settings)
    {
        ServiceCollection services = new();
        services.AddEnsemble().AddProviders().AddModel("member", model => Configure(model, preset, route, settings));
        return new OwnedClient(services.BuildServiceProvider(), "member");
    }

    public void Configure(ModelOptions model, string preset, RecordedRoute route, params (string Setting, string Value)[] settings)
    {
        model.Hosted(preset, "test-model").At(route.Address).With("ApiKey", Key);
        if (Api is { } api)
        {
            model.With("Api", api);
        }

        foreach ((string setting, string value) in settings)
        {
            model.With(setting, value);
        }
    }

    public override string ToString() => As is null ? Name : $"{As}, {Name}";

    protected static byte[] Sse(string? name, JsonNode data) =>
        Encoding.UTF8.GetBytes($"{(name is null ? "" : $"event: {name}\n")}data: {data.ToJsonString()}\n\n");

    protected static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
