using Ensemble.TableGenerator;

// Usage: dotnet run --project eng/Ensemble.TableGenerator [FOLDER]; the default folder is that of the embedded tables.
string folder = args.Length > 0 ? args[0] : Path.Combine("src", "Ensemble.Tokenization", "Tables");
foreach ((string name, byte[] content) in GeneratedTables.All())
{
    string path = Path.Combine(folder, name);
    File.WriteAllBytes(path, content);
    Console.WriteLine($"{path}: {content.Length} bytes");
}
