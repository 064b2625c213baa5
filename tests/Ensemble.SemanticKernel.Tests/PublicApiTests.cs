using Ensemble.Tests;

namespace Ensemble.SemanticKernel.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(KernelReceiptExtensions).Assembly, "PublicApi/Ensemble.SemanticKernel.txt");
}
