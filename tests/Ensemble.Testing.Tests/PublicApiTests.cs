using Ensemble.Tests;
using PublicApiGenerator;

namespace Ensemble.Testing.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.Check(
        typeof(ScriptedMember).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicApi/Ensemble.Testing.txt");
}
