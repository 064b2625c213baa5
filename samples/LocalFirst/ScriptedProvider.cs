using Ensemble;
using Ensemble.Testing;
using Microsoft.Extensions.AI;

namespace LocalFirst;

/// <summary>Stands in for providers of hosted models, so that the sample needs neither keys nor a network; replace "scripted" by "openai" and the like.</summary>
internal sealed class ScriptedProvider : IModelProvider
{
    public string Name => "scripted";

    public IReadOnlyCollection<string> SettingNames => ["Says"];

    public IChatClient CreateClient(ModelRegistration model, IServiceProvider services) =>
        new ScriptedMember(model.Name).Always(AnswerScript.Text(model.Settings["Says"]));
}
