using Ensemble.Tests;
using PublicApiGenerator;

namespace Ensemble.Onnx.Tests;

internal sealed class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.Check(
        typeof(LocalChatClient).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicApi.txt");
}
