namespace Ensemble;

/// <summary>The price of one token in US dollars, as doubles for ranking; money that is paid is calculated in decimals.</summary>
internal readonly struct TokenRates
{
    public TokenRates(double input, double output)
    {
        Input = input;
        Output = output;
    }

    public static TokenRates Unknown => new(double.NaN, double.NaN);

    public double Input { get; }

    public double Output { get; }

    public bool IsKnown => !double.IsNaN(Input);
}
