using Ensemble.Tests;

namespace Ensemble.Testing.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(ScriptedMember).Assembly, "PublicApi/Ensemble.Testing.txt");
}
