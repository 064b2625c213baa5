using Ensemble.Tests;
using PublicApiGenerator;

namespace Ensemble.SemanticKernel.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing()
    {
        // Our extensions of builders stand in the namespaces of those builders, which the generator leaves out unless told.
        ApiGeneratorOptions options = new() { IncludeAssemblyAttributes = false, DenyNamespacePrefixes = [] };
        Approved.Check(typeof(KernelReceiptExtensions).Assembly.GeneratePublicApi(options), "PublicApi/Ensemble.SemanticKernel.txt");
    }
}
