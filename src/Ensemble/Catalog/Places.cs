using System.Collections.Frozen;

namespace Ensemble;

/// <summary>Reads the name of a place as the set of countries in which inference may run.</summary>
internal static class Places
{
    /// <summary>ISO 3166-1 alpha-2, in which a country's number is its position.</summary>
    private const string Countries =
        "AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ "
        + "DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN IO IQ IR IS IT JE JM JO JP "
        + "KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM "
        + "PA PE PF PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ "
        + "UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE YT ZA ZM ZW";

    private const string European = "AT BE BG CY CZ DE DK EE ES FI FR GR HR HU IE IT LT LU LV MT NL PL PT RO SE SI SK";

    /// <summary>Areas and the regions of Azure, AWS and Google Cloud, each with the countries it lies in.</summary>
    private const string Named =
        $"eu={European};eea={European} IS LI NO;uk=GB;usa=US;korea=KR;"
        + "koreacentral=KR;koreasouth=KR;ap-northeast-2=KR;asia-northeast3=KR;japaneast=JP;japanwest=JP;ap-northeast-1=JP;ap-northeast-3=JP;asia-northeast1=JP;asia-northeast2=JP;"
        + "eastus=US;eastus2=US;westus=US;westus2=US;westus3=US;centralus=US;northcentralus=US;southcentralus=US;us-east-1=US;us-east-2=US;us-west-1=US;us-west-2=US;"
        + "us-central1=US;us-east1=US;us-east4=US;us-east5=US;us-south1=US;us-west1=US;us-west2=US;us-west3=US;us-west4=US;"
        + "westeurope=NL;northeurope=IE;francecentral=FR;germanywestcentral=DE;swedencentral=SE;polandcentral=PL;italynorth=IT;spaincentral=ES;switzerlandnorth=CH;norwayeast=NO;uksouth=GB;ukwest=GB;"
        + "eu-central-1=DE;eu-central-2=CH;eu-west-1=IE;eu-west-2=GB;eu-west-3=FR;eu-north-1=SE;eu-south-1=IT;eu-south-2=ES;"
        + "europe-west1=BE;europe-west2=GB;europe-west3=DE;europe-west4=NL;europe-west6=CH;europe-west8=IT;europe-west9=FR;europe-west10=DE;europe-west12=IT;europe-north1=FI;europe-central2=PL;europe-southwest1=ES;"
        + "canadacentral=CA;canadaeast=CA;ca-central-1=CA;northamerica-northeast1=CA;brazilsouth=BR;sa-east-1=BR;southamerica-east1=BR;"
        + "australiaeast=AU;ap-southeast-2=AU;australia-southeast1=AU;southeastasia=SG;ap-southeast-1=SG;asia-southeast1=SG;eastasia=HK;centralindia=IN;southindia=IN;ap-south-1=IN;asia-south1=IN;"
        + "uaenorth=AE;southafricanorth=ZA;israelcentral=IL;qatarcentral=QA";

    private static readonly FrozenDictionary<string, CodeSet> Sets = Build();

    /// <summary>Gets the set of every country: inference that may run anywhere.</summary>
    public static CodeSet Anywhere { get; } = Sets.Values.Aggregate(CodeSet.Empty, (all, one) => all | one);

    /// <summary>Reads a place.</summary>
    /// <param name="name">A country, an area, a provider's region, or <c>global</c>.</param>
    /// <param name="countries">The countries; empty when the place is unknown.</param>
    /// <returns>Whether the place is known.</returns>
    public static bool TryParse(string? name, out CodeSet countries)
    {
        if (string.Equals(name, "global", StringComparison.OrdinalIgnoreCase))
        {
            countries = Anywhere;
            return true;
        }

        countries = CodeSet.Empty;
        return name is not null && Sets.TryGetValue(name, out countries);
    }

    /// <summary>Reads several places as one set.</summary>
    /// <exception cref="ArgumentException">A place is unknown; a required place that nobody knows must not pass for no requirement.</exception>
    public static CodeSet ParseAll(IEnumerable<string> names)
    {
        CodeSet all = CodeSet.Empty;
        foreach (string name in names)
        {
            if (!TryParse(name, out CodeSet countries))
            {
                throw new ArgumentException($"'{name}' is no known place. Use a country code (KR), EU, EEA, global, or a region of Azure, AWS or Google Cloud.", nameof(names));
            }

            all |= countries;
        }

        return all;
    }

    private static FrozenDictionary<string, CodeSet> Build()
    {
        Dictionary<string, CodeSet> sets = new(StringComparer.OrdinalIgnoreCase);
        string[] codes = Countries.Split(' ');
        for (int i = 0; i < codes.Length; i++)
        {
            sets.Add(codes[i], CodeSet.Of(i));
        }

        foreach (string entry in Named.Split(';'))
        {
            int equals = entry.IndexOf('=', StringComparison.Ordinal);
            sets.Add(entry[..equals], entry[(equals + 1)..].Split(' ').Aggregate(CodeSet.Empty, (all, code) => all | sets[code]));
        }

        return sets.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }
}
