using Ensemble.Tests;

namespace Ensemble.Onnx.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(LocalChatClient).Assembly, "PublicApi.txt");
}
