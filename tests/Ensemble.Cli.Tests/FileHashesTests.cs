namespace Ensemble.Cli.Tests;

public class FileHashesTests
{
    private string _folder = "";

    [SetUp]
    public void CreateFolder() => _folder = Directory.CreateTempSubdirectory("ensemble-").FullName;

    [TearDown]
    public void DeleteFolder() => Directory.Delete(_folder, recursive: true);

    [Test]
    public async Task Files_AreComparedWithTheList()
    {
        File.WriteAllText(Path.Combine(_folder, "a.txt"), "abc");
        File.WriteAllText(Path.Combine(_folder, "b.txt"), "changed");
        File.WriteAllText(Path.Combine(_folder, "c.txt"), "not stated");
        // FIPS 180-2, appendix B.1: the hash of "abc".
        const string Abc = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        File.WriteAllText(Path.Combine(_folder, FileHashes.ListName), $"{Abc}  a.txt\n{Abc} *b.txt\n");

        IReadOnlyList<FileFacts> files = await FileHashes.ReadAsync(_folder, CancellationToken.None);
        Assert.That(files.Select(file => (file.Name, file.Bytes, file.Matches)), Is.EqualTo(new (string, long, bool?)[] { ("a.txt", 3, true), ("b.txt", 7, false), ("c.txt", 10, null) }));
        Assert.That(files[0].Sha256, Is.EqualTo(Abc));
    }
}
