using System.Globalization;

namespace Ensemble;

/// <summary>Writes and reads JSON pointers (RFC 6901).</summary>
internal static class JsonPointer
{
    public static string Child(string pointer, string name) =>
        $"{pointer}/{name.Replace("~", "~0", StringComparison.Ordinal).Replace("/", "~1", StringComparison.Ordinal)}";

    public static string Child(string pointer, int index) => string.Create(CultureInfo.InvariantCulture, $"{pointer}/{index}");

    /// <summary>Returns the name that a step of a pointer means.</summary>
    public static string Name(string step) => step.Replace("~1", "/", StringComparison.Ordinal).Replace("~0", "~", StringComparison.Ordinal);

    /// <summary>Returns the pointer with <c>*</c> in place of every index.</summary>
    public static string AnyElement(string pointer) =>
        string.Join('/', pointer.Split('/').Select(step => step.Length > 0 && step.All(char.IsAsciiDigit) ? "*" : step));
}
