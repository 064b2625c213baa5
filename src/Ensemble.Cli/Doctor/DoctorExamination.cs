using Ensemble.Onnx;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.Options;

namespace Ensemble.Cli;

/// <summary>Finds out what <c>doctor</c> reports. A problem is a finding here and never ends the examination.</summary>
internal static class DoctorExamination
{
    /// <summary>Examines the machine, the configuration, and every model by loading it.</summary>
    public static async Task<DoctorReport> RunAsync(CliContext context, string? configurationFile, CancellationToken cancellationToken)
    {
        MachineFacts machine = MachineFacts.Read();
        string source = configurationFile is null ? CliConfiguration.BuiltInSource : Path.GetFullPath(configurationFile);
        await using EnsembleSession session = EnsembleSession.Open(context, configurationFile);
        IEnsembleClients clients;
        IReadOnlyList<ModelRegistration> models;
        try
        {
            clients = session.Clients;
            models = clients.Models;
        }
        catch (OptionsValidationException invalid)
        {
            return new DoctorReport { Machine = machine, Configuration = new ConfigurationFacts { Source = source, Errors = [.. invalid.Failures] } };
        }

        List<ModelFacts> facts = [];
        foreach (ModelRegistration model in models)
        {
            facts.Add(await ExamineAsync(clients, model, cancellationToken));
        }

        return new DoctorReport
        {
            Machine = machine,
            Configuration = new ConfigurationFacts { Source = source, Default = clients.DefaultName },
            Models = facts,
        };
    }

    private static async Task<ModelFacts> ExamineAsync(IEnsembleClients clients, ModelRegistration model, CancellationToken cancellationToken)
    {
        ModelFacts facts = new() { Name = model.Name, Provider = model.Provider, Model = model.Model };
        try
        {
            IChatClient client = clients.Get(model.Name);
            return client.GetService<LocalChatClient>() is { } local ? await ExamineLocalAsync(facts, local, cancellationToken) : facts;
        }
        catch (EnsembleException error)
        {
            return facts with { Problem = error.Message };
        }
    }

    private static async Task<ModelFacts> ExamineLocalAsync(ModelFacts facts, LocalChatClient client, CancellationToken cancellationToken)
    {
        LocalModelInfo info = LocalModelInfo.Read(facts.Model!);
        IReadOnlyList<FileFacts> files = await FileHashes.ReadAsync(info.Folder, cancellationToken);
        facts = facts with { Folder = info.Folder, Architecture = info.Architecture, ContextWindow = info.ContextWindow, Files = files };
        string[] damaged = [.. files.Where(file => file.Matches is false).Select(file => file.Name)];
        if (damaged.Length > 0)
        {
            return facts with { Problem = $"{string.Join(", ", damaged)}: not the bytes that {FileHashes.ListName} in '{info.Folder}' states. Restore the files, for instance by building or installing again." };
        }

        LocalModelInfo loaded = await client.LoadAsync(cancellationToken);
        return facts with { Capabilities = loaded.Capabilities?.ToString(), ExecutionProvider = loaded.ExecutionProvider };
    }
}
