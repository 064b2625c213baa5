using Ensemble.Tests;
using PublicApiGenerator;

namespace Ensemble.Providers.Tests;

internal sealed class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.Check(
        typeof(ProviderPresets).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicApi/Ensemble.Providers.txt");
}
