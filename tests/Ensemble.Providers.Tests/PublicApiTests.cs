using Ensemble.Tests;

namespace Ensemble.Providers.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(ProviderPresets).Assembly, "PublicApi/Ensemble.Providers.txt");
}
