using System.Text.Json.Nodes;

namespace Ensemble.Tests;

public class ConfigurationSchemaTests
{
    [Test]
    public void ShippedSchema_IsTheOneThatTheOptionsGive()
    {
        string path = Path.Combine(Repository.Root, "src", "Ensemble", "ConfigurationSchema.json");
        string schema = ConfigurationSchema.Write();
        if (Environment.GetEnvironmentVariable("ENSEMBLE_APPROVE") == "1")
        {
            File.WriteAllText(path, schema);
        }

        Assert.That(File.ReadAllText(path), Is.EqualTo(schema), "The schema that ships is old: ENSEMBLE_APPROVE=1 dotnet test writes it anew.");
    }

    [Test]
    public void EveryKeyThatTheBindersKnow_IsCompleted_AndNoOther()
    {
        JsonNode ensemble = ConfigurationSchema.Create()["properties"]!["Ensemble"]!;
        Assert.Multiple(() =>
        {
            Assert.That(Keys(ensemble), Is.EqualTo(FrozenShape.Root));
            JsonNode model = ensemble["properties"]!["Models"]!["additionalProperties"]!;
            Assert.That(Keys(model), Is.EqualTo(FrozenShape.Model));
            Assert.That(Keys(model["properties"]!["Price"]!), Is.EqualTo(FrozenShape.Price));
            Assert.That(Keys(model["properties"]!["Card"]!), Is.EqualTo(FrozenShape.Card));
            JsonNode composition = ensemble["properties"]!["Compositions"]!["additionalProperties"]!;
            Assert.That(Keys(composition["properties"]!["Require"]!), Is.EqualTo(FrozenShape.Require));
            Assert.That(Keys(composition), Is.SupersetOf(CompositionKind.All.SelectMany(kind => kind.SettingNames).Distinct()));
            Assert.That(composition["properties"]!["Objective"]!["anyOf"]![0]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()), Is.EqualTo(ObjectiveNames.All.SkipLast(1)));
            Assert.That(composition["properties"]!["Kind"]!["enum"]!.AsArray().Select(name => name!.GetValue<string>()), Is.EqualTo(CompositionKind.All.Select(kind => kind.Name)));
        });
    }

    private static IEnumerable<string> Keys(JsonNode schema) => schema["properties"]!.AsObject().Select(property => property.Key);
}
