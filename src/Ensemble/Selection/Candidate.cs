using System.Collections.Frozen;

namespace Ensemble;

/// <summary>One deployment of one member, with everything that a decision reads laid out for it. Immutable.</summary>
internal sealed class Candidate
{
    // What vendors document for a large image; some models take more.
    private const long AssumedImageTokens = 1_600;

    private readonly FrozenDictionary<string, double> _qualityByDomain;
    private readonly TokenRates _rates;
    private readonly TokenRates _dearest;
    private readonly (long Above, TokenRates Rates, TokenRates Dearest)[] _tiers;
    private readonly SelectionMember _member;
    private Candidate? _asSent;

    public Candidate(SelectionMember member, Deployment deployment, int memberIndex, string? near, MemberOptions? variation = null)
    {
        ModelCard card = member.Card;
        _member = member;
        Member = member.Name;
        Model = member.Model ?? member.Name;
        NameBits = Ensemble.NameBits.Of(Member) | Ensemble.NameBits.Of(Model);
        MemberIndex = memberIndex;
        Card = card;
        Deployment = deployment;
        HasSiblings = member.Deployments.Count > 1;
        InProcess = deployment.InProcess;
        IsLocal = deployment.IsLocal;
        Capabilities = card.Capabilities ?? ModelCapabilities.None;
        Window = card.ContextWindow ?? card.MaxInputTokens ?? 0;
        MaxInput = card.MaxInputTokens ?? Window;

        // An unknown output limit is at most the window.
        MaxOutput = card.MaxOutputTokens ?? Window;
        Counting = RequestProfile.CountingOf(card.Encoding);
        KnowsImages = card.ImageTokens is not null;
        ImageTokens = card.ImageTokens ?? AssumedImageTokens;
        Own = InputBound.Own(variation, Counting);
        OwnOutputLimit = variation?.MaxOutputTokens ?? long.MaxValue;
        Languages = LanguageCodes.ParseAll(card.Languages);
        Countries = Places.TryParse(deployment.Processing, out CodeSet countries) ? countries : CodeSet.Empty;
        DataPolicies = deployment.DataPolicies;
        Price = PriceOf(card, deployment);
        _rates = ToRates(Price.InputPerMillion, Price.OutputPerMillion);
        _dearest = Dearest(0);
        _tiers =
        [
            .. Price.Tiers.OrderByDescending(tier => tier.AboveInputTokens)
                .Select(tier => (tier.AboveInputTokens, ToRates(tier.InputPerMillion, tier.OutputPerMillion), Dearest(tier.AboveInputTokens + 1))),
        ];
        Quality = member.Quality ?? double.NaN;
        _qualityByDomain = member.QualityByDomain.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
        Energy = EnergyModel.PerOutputToken(card, deployment);
        Tier = deployment.Tier;
        Weight = deployment.Weight;
        MeanTime = Weight > 0 ? 1 / Weight : double.PositiveInfinity;
        Distance = DistanceTo(near, Countries, InProcess);
        MemberHash = SeededHash.Of(member.Name);
        Hash = SeededHash.Of(member.Name + "/" + deployment.Name);
    }

    /// <summary>Makes a candidate of a member of which nothing but its name is known.</summary>
    public static Candidate Unknown(string name) =>
        new(new SelectionMember { Name = name, Card = new ModelCard { Id = name }, Deployments = [new Deployment { Name = name }] }, new Deployment { Name = name }, memberIndex: 0, near: null);

    /// <summary>Gets the description that a client gave of itself, by which a later one is told from it; <see langword="null"/> when nobody asked it twice.</summary>
    public SelectionMember? Source { get; init; }

    public string Member { get; }

    public string Model { get; }

    /// <summary>Gets the bits of both names.</summary>
    public ulong NameBits { get; }

    public int MemberIndex { get; }

    public ModelCard Card { get; }

    public Deployment Deployment { get; }

    public bool HasSiblings { get; }

    public bool InProcess { get; }

    public bool IsLocal { get; }

    public ModelCapabilities Capabilities { get; }

    public long Window { get; }

    public long MaxInput { get; }

    public long MaxOutput { get; }

    public InputCounting Counting { get; }

    public long ImageTokens { get; }

    /// <summary>Gets whether the card says how many tokens an image takes.</summary>
    public bool KnowsImages { get; }

    public CodeSet Languages { get; }

    public CodeSet Countries { get; }

    public DataPolicies DataPolicies { get; }

    public Price Price { get; }

    public double Quality { get; }

    public EnergyRange Energy { get; }

    public int Tier { get; }

    public double Weight { get; }

    /// <summary>Gets the mean of an exponential time whose rate is the weight; infinite when the weight is 0.</summary>
    public double MeanTime { get; }

    public int Distance { get; }

    public ulong MemberHash { get; }

    public ulong Hash { get; }

    /// <summary>Gets the size of what the member itself puts before a conversation: its instructions and examples.</summary>
    public PromptSize Own { get; }

    /// <summary>Gets the member's own limit of output; <see cref="long.MaxValue"/> when it has none.</summary>
    public long OwnOutputLimit { get; }

    /// <summary>Gets the candidate for what its model is sent, which holds already what the member adds.</summary>
    public Candidate AsSent => Own.Tokens == 0 && OwnOutputLimit == long.MaxValue ? this : _asSent ??= new Candidate(_member, Deployment, MemberIndex, near: null) { Source = Source };

    public long InputTokens(RequestProfile profile) =>
        profile.GetInputTokens(Counting) + Own.Tokens + (profile.ImageCount * ImageTokens);

    /// <summary>The smaller of the caller's and the member's limit, which is what the model is sent; <see langword="null"/> when there is neither.</summary>
    public long? OutputLimit(RequestProfile profile) =>
        Math.Min(profile.OutputLimit ?? long.MaxValue, OwnOutputLimit) is var limit && limit == long.MaxValue ? null : limit;

    /// <summary>The tokens of the prompt that are expected before anything is learned; at most the bound.</summary>
    public double ExpectedInput(RequestProfile profile) => Math.Max(1, InputTokens(profile) - profile.GetExcess(Counting) - Own.Excess);

    public double QualityIn(string? domain) =>
        domain is not null && _qualityByDomain.TryGetValue(domain, out double quality) ? quality : Quality;

    /// <summary>The list price of plain tokens, for ranking.</summary>
    public TokenRates RatesFor(long inputTokens)
    {
        foreach ((long above, TokenRates rates, _) in _tiers)
        {
            if (inputTokens > above)
            {
                return rates;
            }
        }

        return _rates;
    }

    /// <summary>Whether the prompt has a bound that a price can be told by.</summary>
    public bool Bounds(RequestProfile profile) => !profile.HasUnboundedInput && (KnowsImages || profile.ImageCount == 0);

    /// <summary>The dearest rates that any token can be billed at, for ceilings.</summary>
    public TokenRates DearestRatesFor(long inputTokens)
    {
        foreach ((long above, _, TokenRates dearest) in _tiers)
        {
            if (inputTokens > above)
            {
                return dearest;
            }
        }

        return _dearest;
    }

    /// <summary>What a cached token costs less, in US dollars; 0 when the provider gives no discount.</summary>
    public double CacheSavingFor(long inputTokens)
    {
        PriceTier? tier = Price.TierFor(inputTokens);
        decimal? plain = tier?.InputPerMillion ?? Price.InputPerMillion;
        decimal? cached = tier is null ? Price.CachedInputPerMillion : tier.CachedInputPerMillion;
        return plain is { } p && cached is { } c && c < p ? (double)(p - c) / 1e6 : 0;
    }

    private TokenRates Dearest(long inputTokens) => CostBounds.Rates(Price, inputTokens) is var (input, output) ? ToRates(input, output) : TokenRates.Unknown;

    /// <summary>Says what a deployment charges: its own price, nothing when it is local, else the list price of its model.</summary>
    internal static Price PriceOf(ModelCard card, Deployment deployment)
    {
        if (deployment.Price is null && deployment.IsLocal)
        {
            return Price.Local;
        }

        Price price = deployment.Price ?? card.Price;
        bool kept = deployment.Processing is { } place && !place.Equals("global", StringComparison.OrdinalIgnoreCase);
        return kept ? price.InRegion() : price;
    }

    private static TokenRates ToRates(decimal? input, decimal? output) =>
        input is { } i && output is { } o ? new TokenRates((double)i / 1e6, (double)o / 1e6) : TokenRates.Unknown;

    /// <summary>0 in the same country or this process, 1 in an area that may be it, 2 elsewhere or unknown.</summary>
    private static int DistanceTo(string? near, CodeSet countries, bool inProcess) =>
        inProcess || near is null || !Places.TryParse(near, out CodeSet home) ? 0
        : countries.IsEmpty || (countries & home).IsEmpty ? 2
        : countries.IsSubsetOf(home) ? 0 : 1;
}
