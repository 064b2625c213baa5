namespace Ensemble;

/// <summary>Reads a composition of kind <c>classify</c>.</summary>
internal static class ClassifyBinder
{
    public static readonly CompositionKind Kind = new(
        ClassifierChatClient.Kind,
        ["Examples", "TextWord", "LabelWord", "Bags", "Seed", "Embeddings", "DeferTo", "DeferBelow", "TargetAccuracy", "StopAt", "StopsEarly", "AttemptTimeoutSeconds"],
        Bind)
    {
        NeedsMembers = false,
    };

    /// <summary>The keys of an inline example.</summary>
    public static readonly string[] Example = ["Text", "Label"];

    private const int MostBags = 64;

    // Curves are flat from here on.
    private const int MostUseful = 9;

    private static CompositionFactory Bind(SettingsReader reader, string name)
    {
        ClassifierOptions options = new()
        {
            Embeddings = reader.GetString("Embeddings") is { Length: > 0 } embeddings ? embeddings : null,
            DeferTo = reader.GetString("DeferTo") is { Length: > 0 } stronger ? stronger : null,
        };
        options.Classifying.TargetAccuracy = reader.GetDouble("TargetAccuracy", 0.01, 1) ?? options.Classifying.TargetAccuracy;
        options.Classifying.StopAt = reader.GetDouble("StopAt", 0.01, 1) ?? options.Classifying.StopAt;
        options.Classifying.StopsEarly = reader.GetBool("StopsEarly") ?? true;
        if (reader.GetDouble("AttemptTimeoutSeconds", RouterOptions.MinimumTimeout.TotalSeconds, RouterOptions.MaximumTimeout.TotalSeconds) is { } seconds)
        {
            options.AttemptTimeout = TimeSpan.FromSeconds(seconds);
        }

        BindDeferral(reader, options);

        // What is wrong with the list itself is said by the binder of members.
        string[] members = [.. MemberBinder.Bind(reader.Silent().Child("Members")).SelectMany(member => Enumerable.Repeat(member.Name ?? member.Model, member.Count))];
        if (ClassifierChatClient.ProblemWith(members, options.DeferTo, options.Embeddings is not null) is { } problem)
        {
            reader.Child("Members").Error(problem);
        }

        BindExamples(reader, options, hasVoters: members.Any(member => !member.Equals(options.DeferTo, StringComparison.OrdinalIgnoreCase)));

        return (found, runtime) => Create(name, found, options, runtime);
    }

    /// <summary>Makes the client; the embedding model comes from the container.</summary>
    public static ClassifierChatClient Create(string name, IReadOnlyList<Member> members, ClassifierOptions options, EnsembleRuntime runtime) =>
        new(name, members, options, options.Embeddings is { } key ? Microsoft.Extensions.DependencyInjection.SemanticRouterExtensions.Find(runtime, key) : null, runtime);

    private static void BindDeferral(SettingsReader reader, ClassifierOptions options)
    {
        SettingsReader limits = reader.Child("DeferBelow");
        limits.CheckKeys([nameof(DeferRule.LabelProbability)]);
        if (limits.Value is { Length: > 0 })
        {
            limits.Error("expected a section; write { \"LabelProbability\": 0.8 }.");
        }

        options.DeferBelow = limits.GetDouble(nameof(DeferRule.LabelProbability), 0, 1);
        if (options.DeferBelow is not null && options.DeferTo is null)
        {
            limits.Error("there is nobody to defer to; name a member in DeferTo.");
        }
    }

    private static void BindExamples(SettingsReader reader, ClassifierOptions options, bool hasVoters)
    {
        SettingsReader examples = reader.Child("Examples");
        string?[] words = [reader.GetString("TextWord"), reader.GetString("LabelWord")];
        (int? bags, long? seed) = (reader.GetInt("Bags", 1, MostBags), reader.GetInt("Seed", int.MinValue, int.MaxValue));
        if (bags is not null && !hasVoters)
        {
            reader.Child("Bags").Error("there are no voters to draw bags for; name a language model that scores among Members, or remove Bags.");
        }

        bool own = words.Any(word => word is not null) || bags is not null || seed is not null;
        try
        {
            IReadOnlyList<LabeledExample>? lines = null;
            if (examples.Value is { Length: > 0 } path)
            {
                string content = ExamplesFile.Read(path);
                switch (ExamplesFile.ShapeOf(content))
                {
                    case ExamplesFile.Shape.Lines:
                        lines = ExamplesFile.ParseLines(content);
                        break;
                    case ExamplesFile.Shape.Data when !own:
                        options.Data = ExamplesFile.ParseData(content);
                        return;
                    case ExamplesFile.Shape.Fit when !own:
                        ExamplesFile.CheckFit(content, hasVoters);
                        options.Fit = System.Text.Encoding.UTF8.GetBytes(content);
                        return;
                    default:
                        examples.Error($"'{path}' has its own bags and words; remove Bags, Seed, TextWord and LabelWord.");
                        return;
                }
            }
            else if (examples.CheckArray())
            {
                lines = Inline(examples);
            }

            if (lines is { Count: > 0 })
            {
                options.Data = BaggingData.FromExamples(lines, hasVoters ? bags ?? MostUseful : 0, (int)(seed ?? 0), Word(words[0], "Text"), Word(words[1], "Label"));
            }
            else if (lines is not null)
            {
                examples.Error("missing; give a file of { \"text\": …, \"label\": … } a line, or write [ { \"Text\": \"…\", \"Label\": \"…\" } ].");
            }
        }
        catch (EnsembleException exception)
        {
            examples.Error(exception.Message);
        }
    }

    private static string Word(string? given, string otherwise) => string.IsNullOrWhiteSpace(given) ? otherwise : given;

    private static List<LabeledExample> Inline(SettingsReader reader)
    {
        List<LabeledExample> examples = [];
        foreach (SettingsReader element in reader.Children())
        {
            element.CheckKeys(Example);
            if (element.GetString("Text") is { } text && element.GetString("Label") is { } label && !string.IsNullOrWhiteSpace(text) && !string.IsNullOrWhiteSpace(label))
            {
                examples.Add(new LabeledExample(text, label));
            }
            else
            {
                element.Error("an example needs both Text and Label.");
            }
        }

        return examples;
    }
}
