namespace Ensemble;

/// <summary>
/// The energy of a token of an answer, after EcoLogits (snapshot of 2025-11-13): graphics processors, their share of a server and the
/// data centre's overhead, for a model of a given size served in batches of 64. Sizes of closed models are ranges, so the result is.
/// What runs on one's own hardware is bounded by the power of a desktop processor and the usual speed of small models on one.
/// </summary>
internal static class EnergyModel
{
    private const double Batch = 64;
    private const double ServerKilowatts = 1.2;
    private const double ServerGpus = 8;
    private const double GpuMemoryGigabytes = 80;
    private const double BitsPerParameter = 16;

    // The overhead of the data centres of Google at best and of Azure at worst, as EcoLogits lists them.
    private const double LowOverhead = 1.09;
    private const double HighOverhead = 1.20;

    // 15 W at 50 tokens a second, and 65 W at 10.
    private const double LocalLow = 15.0 / 50 / 3600;
    private const double LocalHigh = 65.0 / 10 / 3600;

    /// <summary>Estimates the watt-hours for each token of an answer.</summary>
    public static EnergyRange PerOutputToken(ModelCard card, Deployment deployment)
    {
        if (deployment.IsLocal)
        {
            return new EnergyRange(LocalLow, LocalHigh);
        }

        (double low, double high) = card.ActiveParameters is { } active ? (active, active) : ActiveOf(card.EnergyClass);
        if (double.IsNaN(high))
        {
            return EnergyRange.Unknown;
        }

        // Large closed models are mixtures of experts: EcoLogits assumes totals of up to about ten times the active parameters.
        double totalLow = card.TotalParameters ?? low;
        double totalHigh = card.TotalParameters ?? (card.ActiveParameters is null && card.EnergyClass >= EnergyClass.Large ? high * 10 : high);
        return new EnergyRange(LowOverhead * WattHours(low, totalLow), HighOverhead * WattHours(high, totalHigh));
    }

    /// <summary>The formulas of EcoLogits: f_E for a processor, f_L for the latency, and the server's share over the batch.</summary>
    internal static double WattHours(double activeBillions, double totalBillions)
    {
        double gpuWattHours = (1.1665e-6 * Math.Exp(-0.0112059 * Batch) * activeBillions) + 4.05293e-5;
        double seconds = (6.78509e-4 * activeBillions) + (3.11931e-4 * Batch) + 0.0194737;
        double memory = 1.2 * totalBillions * BitsPerParameter / 8;
        double gpus = Math.Pow(2, Math.Ceiling(Math.Log2(Math.Ceiling(memory / GpuMemoryGigabytes))));
        double serverWattHours = seconds / 3600 * ServerKilowatts * 1000 * (gpus / ServerGpus) / Batch;
        return serverWattHours + (gpus * gpuWattHours);
    }

    private static (double Low, double High) ActiveOf(EnergyClass size) => size switch
    {
        EnergyClass.Tiny => (0.5, 4),
        EnergyClass.Small => (4, 20),
        EnergyClass.Medium => (20, 80),
        EnergyClass.Large => (80, 300),
        EnergyClass.Huge => (300, 1000),
        _ => (double.NaN, double.NaN),
    };
}
