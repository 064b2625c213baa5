using Ensemble.Tests;
using PublicApiGenerator;

namespace Ensemble.Sqlite.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.Check(
        typeof(SqliteLedgerStore).Assembly.GeneratePublicApi(new ApiGeneratorOptions { IncludeAssemblyAttributes = false }), "PublicApi/Ensemble.Sqlite.txt");
}
