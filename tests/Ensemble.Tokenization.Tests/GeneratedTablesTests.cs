using Ensemble.TableGenerator;
using Ensemble.Tokenization.Tables;

namespace Ensemble.Tokenization.Tests;

/// <summary>The embedded tables are what the generator makes today.</summary>
internal sealed unsafe class GeneratedTablesTests
{
    [Test]
    public void EmbeddedTables_MadeAgain_AreTheSame()
    {
        KeyValuePair<string, byte[]>[] tables = [.. GeneratedTables.All()];

        Assert.That(tables, Has.Length.EqualTo(3));
        Assert.Multiple(() =>
        {
            foreach ((string name, byte[] content) in tables)
            {
                byte* embedded = EmbeddedTable.Open(name, out int length);
                Assert.That(new ReadOnlySpan<byte>(embedded, length).SequenceEqual(content), Is.True, name);
            }
        });
    }
}
