using System.Globalization;
using Microsoft.Extensions.Configuration;

namespace Ensemble;

/// <summary>Reads one section by hand, without reflection, and collects what is wrong with it by path.</summary>
internal sealed class SettingsReader(IConfigurationSection section, IConfigurationRoot? root, List<string> errors, SettingsReader? parent = null)
{
    /// <summary>Gets the reader of the section around this one; the outermost is its own.</summary>
    public SettingsReader Parent => parent ?? this;

    /// <summary>Gets the reader of the outermost section.</summary>
    public SettingsReader Top => parent?.Top ?? this;

    /// <summary>Gets whether the section has a value or keys.</summary>
    public bool Exists => section.Value is not null || HasChildren;

    public string Path => section.Path;

    public string? Value => section.Value;

    public bool HasChildren => section.GetChildren().Any();

    public IEnumerable<SettingsReader> Children() => section.GetChildren().Select(Child);

    public string Key => section.Key;

    /// <summary>Returns the sections under a key, each under its own name; one value in their place is an error.</summary>
    public IEnumerable<SettingsReader> Named(string key)
    {
        SettingsReader child = Child(key);
        if (child.Value is { Length: > 0 })
        {
            child.Error("expected sections with names, found one value; write { \"name\": { … } }.");
        }

        return child.Children();
    }

    public SettingsReader Child(string key) => Child(section.GetSection(key));

    public void Error(string message) => errors.Add($"{Path}: {message}");

    /// <summary>Refuses every key that is not known, with the nearest that is.</summary>
    public void CheckKeys(IReadOnlyCollection<string> known)
    {
        foreach (IConfigurationSection child in section.GetChildren())
        {
            if (!known.Contains(child.Key, StringComparer.OrdinalIgnoreCase))
            {
                errors.Add(FrozenShape.UnknownMessage(child.Path, child.Key, known));
            }
        }
    }

    /// <summary>Says whether a section is written down and holds nothing: <c>null</c>, <c>{}</c>, <c>[]</c> or an empty text.</summary>
    public bool IsEmpty => string.IsNullOrEmpty(section.Value) && !HasChildren;

    public string? GetString(string key)
    {
        IConfigurationSection child = section.GetSection(key);
        if (child.GetChildren().Any())
        {
            errors.Add($"{child.Path}: expected one value, found a section with keys; write \"{child.Key}\": \"…\".");
        }

        return child.Value;
    }

    public int? GetInt(string key, int minimum, int maximum) => Parse<int>(key, $"a whole number from {minimum} to {maximum}",
        (string text, out int value) => int.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    public long? GetLong(string key) => Parse<long>(key, "a whole number",
        static (string text, out long value) => long.TryParse(text, NumberStyles.Integer, CultureInfo.InvariantCulture, out value));

    public double? GetDouble(string key, double minimum, double maximum, string? unit = null) => Parse<double>(key, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}{(unit is null ? "" : $", in {unit}")}"),
        (string text, out double value) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    public bool? GetBool(string key) => Parse<bool>(key, "true or false", bool.TryParse);

    public decimal? GetDecimal(string key, decimal minimum, decimal maximum) => Parse<decimal>(key, string.Create(CultureInfo.InvariantCulture, $"a number from {minimum} to {maximum}"),
        (string text, out decimal value) => decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value) && value >= minimum && value <= maximum);

    /// <summary>Reads one name of an enumeration, without regard to case.</summary>
    public T? GetName<T>(string key)
        where T : struct, Enum => GetString(key) is { Length: > 0 } text ? ParseName<T>(Child(key), text) : null;

    /// <summary>Reads names of an enumeration of flags: one string, or an array of them.</summary>
    public T? GetFlags<T>(string key)
        where T : struct, Enum
    {
        SettingsReader child = Child(key);
        IReadOnlyList<string>? names = child.HasChildren ? GetStrings(key) : child.Value is { Length: > 0 } list ? list.Split(',', StringSplitOptions.TrimEntries) : null;
        if (names is null)
        {
            return null;
        }

        string[] parsed = [.. names.Select(name => ParseName<T>(child, name)).OfType<T>().Select(value => value.ToString())];
        return parsed.Length == 0 ? null : Enum.Parse<T>(string.Join(',', parsed));
    }

    /// <summary>Returns a reader of the same section whose errors nobody sees, for a section that another reader reports.</summary>
    public SettingsReader Silent() => new(section, root, [], parent);

    /// <summary>Reads an array of strings; <see langword="null"/> when the key is absent.</summary>
    public IReadOnlyList<string>? GetStrings(string key)
    {
        SettingsReader child = Child(key);
        if (child.Value is { Length: > 0 })
        {
            child.Error("expected an array of strings, found one string; write [ … ].");
            return null;
        }

        foreach (SettingsReader nested in child.Children().Where(static element => element.HasChildren))
        {
            nested.Error("expected a string, found a section or an array.");
        }

        return child.CheckArray() && child.HasChildren ? [.. child.Children().Select(element => element.Value ?? "")] : null;
    }

    /// <summary>Reads an array of what is allowed; <see langword="null"/> when the key is absent. An empty one, which some read as nobody and others as everybody, is an error.</summary>
    public IReadOnlyList<string>? GetAllowList(string key)
    {
        IReadOnlyList<string>? allowed = GetStrings(key);
        if (allowed is null && section.GetChildren().Any(child => child.Key.Equals(key, StringComparison.OrdinalIgnoreCase) && string.IsNullOrEmpty(child.Value) && !child.GetChildren().Any()))
        {
            Child(key).Error("empty, so that nothing would be allowed; leave the key out to allow all, or name what is allowed.");
        }

        return allowed;
    }

    /// <summary>Refuses an array whose elements come from two sources: they would be merged by index, silently.</summary>
    public bool CheckArray()
    {
        string[] sources = root is null
            ? []
            : [.. root.Providers.Where(p => p.TryGet(Path, out string? value) && !string.IsNullOrEmpty(value) || p.GetChildKeys([], Path).Any())
                .Where(_ => HasChildren)
                .Select(p => p.ToString() ?? p.GetType().Name)];
        if (sources.Length < 2)
        {
            return true;
        }

        Error($"its elements come from {sources.Length} configuration sources ({string.Join("; ", sources)}), and arrays are merged by index, silently. Keep the whole array in one source.");
        return false;
    }

    private delegate bool TryParse<T>(string text, out T value);

    private T? Parse<T>(string key, string expected, TryParse<T> parse)
        where T : struct
    {
        if (GetString(key) is not { Length: > 0 } text)
        {
            return null;
        }

        if (parse(text, out T value))
        {
            return value;
        }

        Child(key).Error($"'{text}' is not {expected}.");
        return null;
    }

    private static T? ParseName<T>(SettingsReader reader, string text)
        where T : struct, Enum
    {
        // The platform would add the numbers of several names, which is another value or none.
        if (text.Contains(',') && !typeof(T).IsDefined(typeof(FlagsAttribute), inherit: false))
        {
            reader.Error($"'{text}' is more than one; write one of {string.Join(", ", Enum.GetNames<T>())}.");
            return null;
        }

        if (text.Length > 0 && char.IsAsciiLetter(text[0]) && Enum.TryParse(text, ignoreCase: true, out T value))
        {
            return value;
        }

        string[] known = Enum.GetNames<T>();
        reader.Error($"'{text}' is unknown.{Suggestion.For(text, known)} Write {string.Join(", ", known)}.");
        return null;
    }

    private SettingsReader Child(IConfigurationSection child) => new(child, root, errors, this);
}
