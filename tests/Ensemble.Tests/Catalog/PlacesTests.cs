namespace Ensemble.Tests.Catalog;

internal sealed class PlacesTests
{
    [TestCase("KR", "KR", true)]
    [TestCase("koreacentral", "KR", true)]
    [TestCase("westeurope", "EU", true)]
    [TestCase("EU", "EEA", true)]
    [TestCase("eea", "EU", false)]
    [TestCase("switzerlandnorth", "EU", false)]
    [TestCase("global", "US", false)]
    [TestCase("US", "global", true)]
    public void APlace_LiesInAnother_OnlyIfAllItsCountriesDo(string inner, string outer, bool expected)
    {
        Assert.That(Places.TryParse(inner, out CodeSet one), Is.True);
        Assert.That(Places.TryParse(outer, out CodeSet other), Is.True);
        Assert.That(one.IsSubsetOf(other), Is.EqualTo(expected));
    }

    [Test]
    public void Eu_Has27Countries() => Assert.That(Places.ParseAll(["EU"]).Count, Is.EqualTo(27));

    [Test]
    public void Anywhere_HasEveryCountryOfIso3166() => Assert.That(Places.Anywhere.Count, Is.EqualTo(249));

    [Test]
    public void AnUnknownPlace_IsNoPlace()
    {
        Assert.That(Places.TryParse("atlantis", out CodeSet countries), Is.False);
        Assert.That(countries.IsEmpty, Is.True);
        Assert.That(() => Places.ParseAll(["KR", "atlantis"]), Throws.ArgumentException);
    }

    [Test]
    public void Languages_ReadTagsWithRegions()
    {
        Assert.That(LanguageCodes.TryParse("pt-BR", out int brazilian) && LanguageCodes.TryParse("PT", out int portuguese) && brazilian == portuguese, Is.True);
        Assert.That(LanguageCodes.TryParse("xx", out _), Is.False);
        Assert.That(() => LanguageCodes.ParseAll(["en", "xx"]), Throws.ArgumentException);
    }
}
