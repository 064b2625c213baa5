using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Ensemble.Cli;

/// <summary>
/// The models that were added to this machine. A model appears with one rename, when all its files are whole and checked; what is fetched before that
/// lies in <c>.partial</c> and is gone on with by the next attempt.
/// </summary>
internal sealed class ModelStore(string root, TimeProvider time)
{
    private string Partial => Path.Combine(root, ".partial");

    /// <summary>Lists the models in the order of their names.</summary>
    public IReadOnlyList<StoredModel> List() =>
        Directory.Exists(root)
            ? [.. Directory.EnumerateDirectories(root).Where(folder => Path.GetFileName(folder)[0] != '.').Order(StringComparer.Ordinal).Select(StoredModel.Read).OfType<StoredModel>()]
            : [];

    /// <summary>Finds a model.</summary>
    /// <exception cref="CliException">There is none of that name.</exception>
    public StoredModel Find(string name) => List().FirstOrDefault(model => model.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
        ?? throw new CliException($"The store '{root}' has no model '{name}'. {(List() is { Count: > 0 } known ? $"It has: {string.Join(", ", known.Select(model => model.Name))}." : "It is empty: ensemble models add …")}");

    /// <summary>Gives the folder of a model.</summary>
    public string FolderOf(StoredModel model) => Path.Combine(root, model.Name);

    /// <summary>Adds a model.</summary>
    /// <exception cref="CliException">A file is wrong, the folder cannot be written, or the name is taken.</exception>
    public async Task<StoredModel> AddAsync(ModelPlan plan, StoreHttp http, TimeSpan retryDelay, Action<long> progress, Action waiting, CancellationToken cancellationToken)
    {
        string staging = Path.Combine(Partial, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{plan.Name}\n{plan.Source}")))[..16]);
        try
        {
            Directory.CreateDirectory(staging);
            await using FileStream held = await StoreLock.TakeAsync(Path.Combine(Partial, $"{plan.Name}.lock"), time, waiting, cancellationToken);
            if (Existing(plan) is { } there)
            {
                DeleteFolder(staging);
                return there;
            }

            Directory.CreateDirectory(staging);
            RequireSpace(plan, staging);
            FileFetch fetch = new(http, time, retryDelay, progress);
            List<StoredFile> files = [];
            foreach (PlannedFile file in plan.Files)
            {
                string target = Path.Combine(staging, file.Name.Replace('/', Path.DirectorySeparatorChar));
                Directory.CreateDirectory(Path.GetDirectoryName(target)!);
                files.Add(await fetch.RunAsync(file, target, cancellationToken));
            }

            StoredModel model = new() { Name = plan.Name, Source = plan.Source, License = plan.License, Added = time.GetUtcNow(), Files = files };
            await File.WriteAllBytesAsync(Path.Combine(staging, StoredModel.FileName), JsonSerializer.SerializeToUtf8Bytes(model, CliJson.Default.StoredModel), cancellationToken);
            RemoveStrangers(staging, files);
            Directory.Move(staging, FolderOf(model));
            return model;
        }
        catch (UnauthorizedAccessException error)
        {
            throw new CliException($"The store '{root}' cannot be written: {error.Message} Set ENSEMBLE_MODELS to a folder that can.");
        }
        catch (IOException error)
        {
            throw new CliException($"The store '{root}' cannot be written: {error.Message} Free space there, or set ENSEMBLE_MODELS to another folder; what was fetched is kept.");
        }
    }

    /// <summary>Compares every file of a model with the hash that it had when it was added.</summary>
    /// <returns>What is wrong; empty when nothing is.</returns>
    public async Task<IReadOnlyList<string>> VerifyAsync(StoredModel model, CancellationToken cancellationToken)
    {
        List<string> problems = [];
        foreach (StoredFile file in model.Files)
        {
            string path = Path.Combine(FolderOf(model), StoreNames.FileName(file.Name));
            if (!File.Exists(path))
            {
                problems.Add($"{file.Name} is missing");
                continue;
            }

            await using FileStream stream = File.OpenRead(path);
            string hash = Convert.ToHexStringLower(await SHA256.HashDataAsync(stream, cancellationToken));
            if (!hash.Equals(file.Sha256, StringComparison.OrdinalIgnoreCase))
            {
                problems.Add($"{file.Name} has sha256 {hash}, and had {file.Sha256}");
            }
        }

        return problems;
    }

    /// <summary>Removes a model: out of sight first, by a rename, then from the disk.</summary>
    public async Task RemoveAsync(StoredModel model, Action waiting, CancellationToken cancellationToken)
    {
        try
        {
            Directory.CreateDirectory(Partial);
            await using FileStream held = await StoreLock.TakeAsync(Path.Combine(Partial, $"{model.Name}.lock"), time, waiting, cancellationToken);
            string away = Path.Combine(Partial, $"removed-{Guid.NewGuid():N}");
            if (Directory.Exists(FolderOf(model)))
            {
                Directory.Move(FolderOf(model), away);
                DeleteFolder(away);
            }
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new CliException($"'{FolderOf(model)}' cannot be removed: {error.Message} Close what uses it.");
        }
    }

    private StoredModel? Existing(ModelPlan plan)
    {
        string folder = Path.Combine(root, plan.Name);
        if (!Directory.Exists(folder))
        {
            return null;
        }

        return StoredModel.Read(folder) is { } model && model.Source == plan.Source
            ? model
            : throw new CliException($"The store has a model '{plan.Name}' from another source: choose another name with --name, or 'ensemble models remove {plan.Name}'.");
    }

    private static void RequireSpace(ModelPlan plan, string staging)
    {
        long there = new DirectoryInfo(staging).EnumerateFiles("*", SearchOption.AllDirectories).Sum(file => file.Length);
        long free = new DriveInfo(staging).AvailableFreeSpace;
        if (plan.Bytes - there > free)
        {
            throw new CliException($"'{plan.Name}' needs {ByteSize.Of(plan.Bytes - there)} and '{staging}' has {ByteSize.Of(free)} free. Free space there, or set ENSEMBLE_MODELS to another folder.");
        }
    }

    // A former revision may have left files there that this one does not have.
    private static void RemoveStrangers(string staging, List<StoredFile> files)
    {
        HashSet<string> known = [.. files.Select(file => Path.GetFullPath(Path.Combine(staging, file.Name))), Path.GetFullPath(Path.Combine(staging, StoredModel.FileName))];
        foreach (string file in Directory.EnumerateFiles(staging, "*", SearchOption.AllDirectories).Where(file => !known.Contains(Path.GetFullPath(file))))
        {
            File.Delete(file);
        }
    }

    private static void DeleteFolder(string folder)
    {
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
