using Ensemble.Tests;

namespace Ensemble.Tokenization.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(TokenEncoding).Assembly, "PublicApi.approved.txt");
}
