namespace Ensemble.Tokenization.Tables;

/// <summary>Tables that the generator in <c>eng</c> made, used where the loader has mapped them.</summary>
internal static unsafe class EmbeddedTable
{
    /// <summary>A pointer to an embedded table, valid as long as the assembly is loaded.</summary>
    /// <exception cref="InvalidOperationException">The assembly was built without the table.</exception>
    public static byte* Open(string name, out int length)
    {
        Stream? stream = typeof(EmbeddedTable).Assembly.GetManifestResourceStream(name);
        if (stream is not UnmanagedMemoryStream mapped)
        {
            throw new InvalidOperationException($"The table '{name}' is missing from this build: run the table generator.");
        }

        length = checked((int)mapped.Length);
        return mapped.PositionPointer;
    }
}
