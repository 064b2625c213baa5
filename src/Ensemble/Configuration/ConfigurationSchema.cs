using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Ensemble;

/// <summary>The JSON schema of the section <c>Ensemble</c>, made from the same tables of keys that the binders check; editors complete appsettings.json with it.</summary>
public static class ConfigurationSchema
{
    private static readonly JsonWriterOptions Written = new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the schema.</summary>
    /// <returns>JSON text, indented.</returns>
    public static string Write()
    {
        using MemoryStream stream = new();
        using (Utf8JsonWriter writer = new(stream, Written))
        {
            Create().WriteTo(writer);
        }

        return System.Text.Encoding.UTF8.GetString(stream.ToArray()) + "\n";
    }

    internal static JsonObject Create() => new()
    {
        ["type"] = "object",
        ["properties"] = new JsonObject { [ConfigurationBinder.SectionName] = Object("Many language models as one: models, and what is composed of them.", FrozenShape.Root, Root) },
    };

    private static JsonNode Root(string key) => key switch
    {
        "Default" => Text("The model or composition that the unkeyed IChatClient stands for."),
        "Models" => Map("The models by name.", Open("A model. Keys that are not listed are settings of its provider.", FrozenShape.Model, Model)),
        "Embeddings" => Map("The embedding models by name; each is a keyed IEmbeddingGenerator.", Open("An embedding model. Keys that are not listed are settings of its provider.", FrozenShape.Embedding, Embedding)),
        "Compositions" => Map("What is composed of models, by name.", Object("A composition.", [.. FrozenShape.Composition, .. CompositionKind.All.SelectMany(kind => kind.SettingNames).Distinct(StringComparer.Ordinal)], Composition)),
        "Budgets" => Map("Caps on spending, by name.", Object("A cap.", FrozenShape.Budget, Budget, "Usd", "Per")),
        "Tenants" => Map("What is required of every model, and what routes prefer, by tenant; Default is for all that are not named, and for none.", Object("A tenant.", FrozenShape.Tenant, Composition)),
        _ => Anything(),
    };

    private static JsonNode Budget(string key) => key switch
    {
        "Usd" => Number("The cap in US dollars; 0 forbids all spending.", 0, null),
        "Per" => Text("What has an account of its own and when it starts anew: " + string.Join(", ", BudgetBinder.Words) + ", or two of them: \"tenant, month\"."),
        "TimeZone" => Text("The time zone whose calendar counts: Asia/Seoul, UTC."),
        _ => Text("What follows when the budget cannot pay: refuse, or the name of a cheaper or local member that answers instead."),
    };

    private static JsonNode Model(string key) => key switch
    {
        "Provider" => Text("Who makes the client: local, openai, anthropic, ollama and others."),
        "Model" => Text("The provider's own id of the model; for a local model the name of a shipped model or a folder."),
        "Price" => Object("US dollars for a million tokens.", FrozenShape.Price, Price, "InputPerMillion", "OutputPerMillion"),
        "Quality" => Either("The share of answers that is right, as you have measured it: one number, or one for each domain with Default for the others.", Number("The share that is right.", 0, 1), Map("By domain.", Number("The share that is right.", 0, 1))),
        "Processing" => Text("Where inference runs, not where the resource lies: KR, EU, koreacentral, global."),
        "DataPolicies" => Flags<DataPolicies>("What the provider promises about data."),
        "SelfHosted" => Switch("The model runs on hardware of one's own, counts as local, and costs nothing unless a price is set."),
        "Weight" => Number("The share of requests among the deployments of the model.", 0, null),
        "Tier" => Whole("The priority tier among the deployments; a lower one is used first."),
        "Limits" => Object("What the deployment may be asked; routers keep to it.", FrozenShape.Limits, Limits),
        "Card" => Object("What is known better than the catalog knows it.", FrozenShape.Card, Card),
        "Deployments" => Map("Where the model runs, when that is more than one place.", Open("A deployment; what it leaves out is the model's.", FrozenShape.Deployment, Model)),
        _ => Anything(),
    };

    private static JsonNode Embedding(string key) => key switch
    {
        "Provider" => Text("Who makes it: local. Left out, the keys here describe a keyed IEmbeddingGenerator of that name that the application registers."),
        "Model" => Text("The name of a shipped model, or a folder."),
        "Price" => Object("US dollars for a million tokens.", FrozenShape.EmbeddingPrice, Price, "InputPerMillion"),
        _ => Model(key),
    };

    private static JsonNode Limits(string key) => Whole(key == "MaxConcurrency" ? "The calls that may run at once." : key == "RequestsPerMinute" ? "The calls in a minute." : "The tokens of prompts and answers in a minute.", 1);

    private static JsonNode Price(string key) => key switch
    {
        "Tiers" => List("The rates for long prompts.", Object("Rates that hold for the whole request.", FrozenShape.PriceTier, PriceTier, "AboveInputTokens", "InputPerMillion", "OutputPerMillion")),
        "RegionUplift" => Number("The factor when inference is kept in a region.", 1, 10),
        _ => Number("US dollars for a million tokens.", 0, null),
    };

    private static JsonNode PriceTier(string key) => key == "AboveInputTokens" ? Whole("The prompt's tokens above which the rates hold.") : Price(key);

    private static JsonNode Card(string key) => key switch
    {
        "Capabilities" => Flags<ModelCapabilities>("What the model can do beyond text."),
        "Specialities" => List("The domains that the model was made for.", Text("A domain.")),
        "Languages" => List("The languages that it was made for.", Text("A code of ISO 639-1.")),
        "Encoding" => Text("The public token encoding, for instance o200k_base."),
        "EnergyClass" => Names<EnergyClass>("How much it computes for a token."),
        "ActiveParameters" or "TotalParameters" => Number("Billions.", 0, null),
        _ => Whole("Tokens."),
    };

    private static JsonNode Composition(string key) => key switch
    {
        "Kind" => Choice("What it is.", [.. CompositionKind.All.Select(kind => kind.Name)]),
        "Budget" => Text("The budget that is for this composition alone."),
        "Members" => Either("The members: \"local*2, mini\", or an array.", Text("Names with commas; name*N for N of one."), List("Members.", Either("A member.", Text("A name."), Object("A member asked in its own way.", FrozenShape.Member, Member, "Model")))),
        "Objective" => Either("What to prefer: " + string.Join(", ", ObjectiveNames.All) + ".", Choice("One thing.", ObjectiveNames.Single), Text("Several, each with its weight: weighted cost 1 quality 2.")),
        "MinQuality" => Number("The least share of right answers; every member's model then needs a Quality.", 0, 1),
        "Require" => Object("Hard rules; who breaks one is never asked.", FrozenShape.Require, Require),
        "Balancing" => Names<Balancing>("How one of several equal deployments is picked."),
        "Near" => Text("The place of this process, for the balancing Nearest."),
        "Seed" => Whole("The seed of draws: between equals, or of the examples that voters are shown."),
        "AttemptTimeoutSeconds" => Number("How long one attempt may take.", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds),
        "OnContentFilter" => Choice("What follows when a content filter refuses.", ["stop", "next"]),
        "OpaqueState" => Names<OpaqueStatePolicy>("What becomes of reasoning that only the member that issued it can read."),
        "Choices" => List("What a panel votes over.", Text("A choice.")),
        "Normalizer" => Choice("How a panel reads ballots.", PanelBinder.Normalizers),
        "Rule" => Choice("How a panel counts.", PanelBinder.Rules),
        "RuleShare" => Number("The share of a quorum, or what a trimmed mean cuts at each end.", 0, 1),
        "Weights" => Map("The weights of voters by name.", Number("The weight; 1 for others.", 0, null)),
        "Judge" => Text("The member that does not vote but breaks ties."),
        "StopsEarly" => Switch("Voters that cannot change the winner are stopped."),
        "IdleTimeoutSeconds" => Number("How long the next piece of a stream may take after the first content.", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds),
        "SilenceTimeoutSeconds" => Number("How long a stream may say nothing before its first content, where AttemptTimeoutSeconds sets no limit.", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds),
        "MinCharactersPerSecond" => Number("How fast a stream must be, over each 10 seconds of waiting.", 0.001, 1_000_000),
        "MaxAttempts" => Whole("How many attempts a request may make.", 1),
        "LongestWaitSeconds" => Number("How long a request waits in all for members that were asked too often or named a time themselves.", 0, RouterOptions.MaximumTimeout.TotalSeconds),
        "ContinueInterrupted" => Switch("Another member goes on with an answer that broke off, marked."),
        "MaxQueue" => Whole("How many calls may wait for a member whose limits are reached.", 0),
        "Hedging" => Object("When a second member is asked beside one that is slow.", RouteBinder.HedgingNames, Hedging),
        "DeadlineSeconds" => Number("How long a request may take; a panel then counts what it has.", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds),
        "DeferBelow" => Object("When an answer of a cascade or a classifier is not sure enough; a classifier knows LabelProbability only.", CascadeBinder.Limits, Limit),
        "AllowTools" => Switch("Every voter may call tools."),
        "Calibrations" => Map("What is taken off a voter's probabilities, by name.", Object("softmax(Slope * log p + Bias).", PanelBinder.Calibration, Calibration)),
        "Embeddings" => Text("The embedding model: a name under Embeddings, or the key of an IEmbeddingGenerator."),
        "UnrelatedBelow" => Number("The cosine below which a panel takes two free answers for unrelated; 0.88 when left out.", -1, 1),
        "Routes" => Map("Examples of what each specialist answers, by member.", List("Examples.", Text("Something that a user says."))),
        "Otherwise" => Text("The member that answers what fits no route."),
        "Scoring" => Names<SemanticScoring>("How a text is compared with the examples of a route."),
        "AcceptedShare" => Number("Which share of the examples the threshold accepts.", 0.01, 0.99),
        "Threshold" => Number("The score that a text must reach; from the examples when left out.", -1000, 1000),
        "Examples" => Either("The labelled examples of a classifier: a file (labelled lines, bagging data, a saved fit), or an array.", Text("A file."), List("Examples.", Object("An example.", ClassifyBinder.Example, _ => Text("What it says."), ClassifyBinder.Example))),
        "TextWord" => Text("What a text is called in the prompt of a classifier's voters."),
        "LabelWord" => Text("What a label is called there."),
        "Bags" => Whole("How many voters a classifier has; more than 9 bring nothing.", 1),
        "DeferTo" => Text("The member that answers what a classifier is not sure enough of."),
        "TargetAccuracy" => Number("Which share of a classifier's answers above its learned threshold must be right.", 0.01, 1),
        "StopAt" => Number("The probability of a label at which a classifier asks no further voter.", 0.01, 1),
        _ => Anything(),
    };

    private static JsonNode Calibration(string key) => key == "Slope" ? Number("How far probabilities are spread; 1 leaves them.", 0, null) : List("What is added to each choice's log-probability, in the order of Choices.", Number("The bias.", null, null));

    private static JsonNode Hedging(string key) => key switch
    {
        "Quantile" => Number("The part of a member's answers that come in time and are not hedged.", 0.01, 0.999),
        "MinimumSamples" => Whole("How many answers of a member must be known before.", 1),
        _ => Number("The shortest delay.", HedgingOptions.LeastDelay.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds),
    };

    private static JsonNode Limit(string key) => key switch
    {
        "ValidJson" => Switch("The answer must be JSON and fit the schema."),
        "MeanLogProbability" => Number("The least mean log-probability of the answer's tokens.", null, 0),
        "Agreement" => Number("The least agreement of a panel.", 0, 1),
        _ => Number("The least probability of the label.", 0, 1),
    };

    private static JsonNode Require(string key) => key switch
    {
        "Capabilities" => Rules<ModelCapabilities>("What a model must be able to do, beyond what the request needs."),
        "Regions" => List("Where inference may run.", Text("A country, EU, EEA, or a region of Azure, AWS or Google Cloud.")),
        "DataPolicies" => Rules<DataPolicies>("What a deployment must promise about data."),
        "KeepLocal" => Rules<SensitiveData>("With which sensitive data a request stays on local models."),
        "MatchLanguage" => Switch("The vendor must name the language of the request."),
        "Allow" => List("The only members that may be asked.", Text("A member or a model.")),
        "Deny" => List("Members that must not be asked.", Text("A member or a model.")),
        "Placement" => Names<Placement>("Local or hosted models."),
        "MaxUsd" => Number("The most that one request may cost, in US dollars.", 0, null),
        "DeadlineSeconds" => Number("The time within which the whole answer must be there.", 0.001, 86_400),
        _ => Anything(),
    };

    private static JsonNode Member(string key) => key switch
    {
        "Count" => Whole("How many members of this description."),
        "Seed" or "TopK" or "MaxOutputTokens" => Whole("The member's own value."),
        "Temperature" => Number("The member's own temperature; 0 is greedy.", 0, 2),
        "TopP" => Number("The member's own nucleus.", 0, 1),
        "Examples" => List("Worked examples.", Object("An example.", FrozenShape.Example, _ => Text("What is said."), FrozenShape.Example)),
        _ => Text("The member's own value."),
    };

    private static JsonObject Object(string description, IEnumerable<string> keys, Func<string, JsonNode> describe, params string[] required)
    {
        JsonObject schema = Open(description, keys, describe);
        schema["additionalProperties"] = false;
        if (required.Length > 0)
        {
            schema["required"] = new JsonArray([.. required.Select(name => (JsonNode)name)]);
        }

        return schema;
    }

    private static JsonObject Open(string description, IEnumerable<string> keys, Func<string, JsonNode> describe) => new()
    {
        ["type"] = "object",
        ["description"] = description,
        ["properties"] = new JsonObject(keys.Select(key => KeyValuePair.Create(key, (JsonNode?)describe(key)))),
    };

    private static JsonObject Map(string description, JsonNode value) => new() { ["type"] = "object", ["description"] = description, ["additionalProperties"] = value };

    private static JsonObject List(string description, JsonNode item) => new() { ["type"] = "array", ["description"] = description, ["items"] = item };

    private static JsonObject Either(string description, params JsonNode[] shapes) => new() { ["description"] = description, ["anyOf"] = new JsonArray(shapes) };

    private static JsonObject Text(string description) => new() { ["type"] = "string", ["description"] = description };

    private static JsonObject Switch(string description) => new() { ["type"] = "boolean", ["description"] = description };

    private static JsonObject Whole(string description, int? minimum = null)
    {
        JsonObject schema = new() { ["type"] = "integer", ["description"] = description };
        if (minimum is { } least)
        {
            schema["minimum"] = least;
        }

        return schema;
    }

    private static JsonObject Number(string description, double? minimum, double? maximum)
    {
        JsonObject schema = new() { ["type"] = "number", ["description"] = description };
        if (minimum is { } least)
        {
            schema["minimum"] = least;
        }

        if (maximum is { } most)
        {
            schema["maximum"] = most;
        }

        return schema;
    }

    private static JsonObject Names<T>(string description)
        where T : struct, Enum => Choice(description, Enum.GetNames<T>());

    private static JsonObject Choice(string description, IEnumerable<string> names) =>
        new() { ["type"] = "string", ["description"] = description, ["enum"] = new JsonArray([.. names.Select(name => (JsonNode)name)]) };

    private static JsonObject Flags<T>(string description)
        where T : struct, Enum => Either(description, Text("Names with commas."), List("Names.", Names<T>("A name.")));

    // None is no rule.
    private static JsonObject Rules<T>(string description)
        where T : struct, Enum => Either(description, Text("Names with commas."), List("Names.", Choice("A name.", Enum.GetNames<T>().Where(static name => name != "None"))));

    private static JsonObject Anything() => [];
}
