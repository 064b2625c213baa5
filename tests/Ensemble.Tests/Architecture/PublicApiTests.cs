namespace Ensemble.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(Receipt).Assembly, "PublicApi/Ensemble.txt");
}
