using System.Collections.Frozen;
using System.Text.Json.Serialization;

namespace Ensemble;

/// <summary>
/// Hard rules that a model must satisfy before anything is optimised. What is unknown does not satisfy a rule. Requirements of a
/// composition, a tenant and a request are combined with <see cref="And"/>, which only ever tightens. Immutable and safe to share.
/// </summary>
public sealed record Requirements
{
    private readonly IReadOnlyList<string>? _regions;
    private readonly IReadOnlyList<string>? _allow;
    private readonly IReadOnlyList<string> _deny = [];
    private readonly decimal? _maxUsd;
    private readonly double? _minQuality;
    private readonly TimeSpan? _deadline;

    /// <summary>Gets requirements that refuse nothing beyond what the request itself needs.</summary>
    public static Requirements None { get; } = new();

    /// <summary>Gets what a model must be able to do, beyond what the request needs.</summary>
    public ModelCapabilities Capabilities { get; init; }

    /// <summary>Gets the places in which inference may run: countries, <c>EU</c>, <c>EEA</c>, or regions of Azure, AWS and Google Cloud.</summary>
    /// <value>The default value is <see langword="null"/>: anywhere.</value>
    /// <exception cref="ArgumentException">A place is unknown.</exception>
    public IReadOnlyList<string>? Regions
    {
        get => _regions;
        init
        {
            if (ReferenceEquals(_regions, value))
            {
                // A copy with the same places keeps what was read of them; so below.
                return;
            }

            _regions = value;
            Countries = value is null ? null : Places.ParseAll(value);
        }
    }

    /// <summary>Gets what a deployment must promise about data.</summary>
    public DataPolicies DataPolicies { get; init; }

    /// <summary>
    /// Gets the kinds of sensitive data with which a request stays on local models. Where <see cref="SensitiveData.Custom"/> is named and no
    /// <see cref="SensitiveTextDetector"/> looks for such data, every request stays local; <see cref="SensitiveData.All"/> means what is looked for.
    /// </summary>
    public SensitiveData KeepLocal { get; init; }

    /// <summary>Gets whether the vendor must name the language of the request. A language that cannot be told refuses no model.</summary>
    public bool MatchLanguage { get; init; }

    /// <summary>Gets the only members that may be asked, by name; <see langword="null"/> means all.</summary>
    public IReadOnlyList<string>? Allow
    {
        get => _allow;
        init
        {
            if (ReferenceEquals(_allow, value))
            {
                return;
            }

            _allow = value;
            AllowedToo = [];
            AllowSet = value?.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            AllowBits = value is null ? ~0UL : NameBits.Of(value);
        }
    }

    /// <summary>Gets the members that must not be asked, by name.</summary>
    public IReadOnlyList<string> Deny
    {
        get => _deny;
        init
        {
            if (ReferenceEquals(_deny, value))
            {
                return;
            }

            _deny = value;
            DenySet = value.Count == 0 ? null : value.ToFrozenSet(StringComparer.OrdinalIgnoreCase);
            DenyBits = NameBits.Of(value);
        }
    }

    /// <summary>Gets whether local or hosted models are wanted.</summary>
    public Placement Placement { get; init; }

    /// <summary>Gets the most that one request may cost, in US dollars; <see langword="null"/> means no ceiling.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is negative.</exception>
    [JsonIgnore]
    public decimal? MaxUsd
    {
        get => _maxUsd;
        init
        {
            ArgumentOutOfRangeException.ThrowIfNegative(value ?? 0m, nameof(MaxUsd));
            _maxUsd = value;
        }
    }

    /// <summary>Gets the least quality, from 0 to 1: the share of answers that is right; <see langword="null"/> means any.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not within 0 to 1.</exception>
    public double? MinQuality
    {
        get => _minQuality;
        init
        {
            if (value is < 0 or > 1 or double.NaN)
            {
                throw new ArgumentOutOfRangeException(nameof(MinQuality), value, "MinQuality is a share; give a value from 0 to 1.");
            }

            _minQuality = value;
        }
    }

    /// <summary>Gets the time within which the whole answer must be there. What is known to be slower is not asked; whoever is asked is cut off when it is over, with a <see cref="DeadlineExceededException"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not positive.</exception>
    [JsonIgnore]
    public TimeSpan? Deadline
    {
        get => _deadline;
        init
        {
            ArgumentOutOfRangeException.ThrowIfLessThanOrEqual(value ?? TimeSpan.MaxValue, TimeSpan.Zero, nameof(Deadline));
            _deadline = value;
        }
    }

    /// <summary>Gets whether nothing is required of what a model is; a deadline is kept by whoever measures time.</summary>
    internal bool IsEmpty =>
        ReferenceEquals(this, None)
        || (Capabilities == ModelCapabilities.None && Regions is null && Countries is null && DataPolicies == DataPolicies.None && KeepLocal == SensitiveData.None && !MatchLanguage
            && AllowSet is null && DenySet is null && !ForbidsCloud && !ForbidsLocal && MaxUsd is null && MinQuality is null);

    internal CodeSet? Countries { get; private init; }

    internal FrozenSet<string>? AllowSet { get; private init; }

    internal ulong AllowBits { get; private init; } = ~0UL;

    // A list may name a member where another names its model, so that what two lists allow is not what stands in both.
    internal IReadOnlyList<FrozenSet<string>> AllowedToo { get; private init; } = [];

    internal FrozenSet<string>? DenySet { get; private init; }

    internal ulong DenyBits { get; private init; }

    /// <summary>Gets whether data of the application's own kinds is named as such. All means every kind that is looked for, and so does All without what cannot be read.</summary>
    internal bool NamesCustom => AlsoNamesCustom || ((KeepLocal | SensitiveData.Unreadable) != SensitiveData.All && (KeepLocal & SensitiveData.Custom) != 0);

    internal bool ForbidsCloud => Placement == Placement.OnlyLocal || AlsoForbidsCloud;

    internal bool ForbidsLocal => Placement == Placement.OnlyCloud || AlsoForbidsLocal;

    private bool AlsoNamesCustom { get; init; }

    private bool AlsoForbidsCloud { get; init; }

    private bool AlsoForbidsLocal { get; init; }

    /// <summary>Combines two sets of requirements: a model satisfies the result exactly when it satisfies both.</summary>
    /// <param name="other">The other requirements; where only a preference differs, its preference counts.</param>
    /// <returns>The combination.</returns>
    /// <exception cref="ArgumentNullException"><paramref name="other"/> is <see langword="null"/>.</exception>
    public Requirements And(Requirements other)
    {
        ArgumentNullException.ThrowIfNull(other);
        if (ReferenceEquals(other, None))
        {
            return this;
        }

        if (ReferenceEquals(this, None))
        {
            return other;
        }

        return this with
        {
            Capabilities = Capabilities | other.Capabilities,
            Regions = Regions is null ? other.Regions : Regions,
            Countries = Countries is { } mine && other.Countries is { } theirs ? mine & theirs : Countries ?? other.Countries,
            DataPolicies = DataPolicies | other.DataPolicies,
            KeepLocal = KeepLocal | other.KeepLocal,
            AlsoNamesCustom = NamesCustom || other.NamesCustom,
            MatchLanguage = MatchLanguage || other.MatchLanguage,
            Allow = AllowSet is { } && other.Allow is { } ? [.. other.Allow.Where(AllowSet.Contains)] : Allow ?? other.Allow,
            AllowSet = AllowSet ?? other.AllowSet,
            AllowBits = AllowSet is null ? other.AllowBits : AllowBits,
            AllowedToo = AllowSet is null ? other.AllowedToo : other.AllowSet is null ? AllowedToo : [.. AllowedToo, other.AllowSet, .. other.AllowedToo],
            Deny = other.DenySet is null || (DenySet is { } denied && other.Deny.All(denied.Contains)) ? Deny : DenySet is null ? other.Deny : [.. Deny, .. other.Deny],
            Placement = other.Placement == Placement.Any ? Placement : other.Placement,
            AlsoForbidsCloud = ForbidsCloud || other.ForbidsCloud,
            AlsoForbidsLocal = ForbidsLocal || other.ForbidsLocal,
            MaxUsd = Smaller(MaxUsd, other.MaxUsd),
            MinQuality = MinQuality is { } q && other.MinQuality is { } r ? Math.Max(q, r) : MinQuality ?? other.MinQuality,
            Deadline = Smaller(Deadline, other.Deadline),
        };
    }

    private static T? Smaller<T>(T? left, T? right)
        where T : struct, IComparable<T> =>
        left is { } a && right is { } b ? (a.CompareTo(b) <= 0 ? a : b) : left ?? right;
}
