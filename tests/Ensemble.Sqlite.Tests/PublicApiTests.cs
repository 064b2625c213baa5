using Ensemble.Tests;

namespace Ensemble.Sqlite.Tests;

public class PublicApiTests
{
    [Test]
    public void PublicApi_MatchesTheApprovedListing() => Approved.CheckPublicApi(typeof(SqliteLedgerStore).Assembly, "PublicApi/Ensemble.Sqlite.txt");
}
