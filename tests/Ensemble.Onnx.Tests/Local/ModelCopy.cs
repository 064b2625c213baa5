namespace Ensemble.Onnx.Tests.Local;

/// <summary>A copy of a tiny model that a test may break.</summary>
internal sealed class ModelCopy : IDisposable
{
    public ModelCopy(string name)
    {
        Folder = Directory.CreateTempSubdirectory("ensemble-").FullName;
        foreach (string file in Directory.EnumerateFiles(TinyModel.Folder(name)))
        {
            System.IO.File.Copy(file, File(Path.GetFileName(file)));
        }
    }

    public string Folder { get; }

    public string File(string name) => Path.Combine(Folder, name);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
