using Ensemble.CatalogGenerator;

if (args.Length != 3)
{
    Console.Error.WriteLine("usage: <folder with the two price tables> <selection.txt> <models.json to write>");
    return 1;
}

string json = Generator.Generate(
    File.ReadAllText(Path.Combine(args[0], "litellm-models.json")),
    File.ReadAllText(Path.Combine(args[0], "genai-prices-models.json")),
    File.ReadLines(args[1]));
File.WriteAllText(args[2], json);
return 0;
