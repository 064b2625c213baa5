using PublicApiGenerator;

namespace Ensemble.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.Check(
        typeof(Receipt).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicApi/Ensemble.txt");
}
