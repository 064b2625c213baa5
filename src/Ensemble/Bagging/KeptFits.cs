using System.Runtime.CompilerServices;
using System.Text.Json;

namespace Ensemble;

/// <summary>
/// Keeps what was fitted for as long as its model lives. A reload of the configuration makes all compositions anew, whatever has changed; voters that
/// would be the same need no second fit, which is minutes for many examples.
/// </summary>
internal static class KeptFits
{
    // More classifiers of one model than anybody has, and few enough to forget the examples of yesterday.
    private const int Most = 16;

    private static readonly ConditionalWeakTable<IContinuationScorer, List<(byte[] Key, byte[] Fit)>> Fits = [];

    /// <summary>Says what a fit depends on beside the model: the examples, the bags, the words.</summary>
    public static byte[] KeyOf(BaggingData data) => JsonSerializer.SerializeToUtf8Bytes(
        new BaggingDocument { Labels = data.Labels, Examples = data.Examples, Bags = data.Bags, TextWord = data.TextWord, LabelWord = data.LabelWord }, EnsembleJsonContext.Default.BaggingDocument);

    /// <summary>Finds a fit of the model to the same data, as <see cref="TextClassifier.SaveAsync"/> writes it.</summary>
    public static byte[]? Find(IContinuationScorer model, byte[] key)
    {
        List<(byte[] Key, byte[] Fit)> known = Fits.GetOrCreateValue(model);
        lock (known)
        {
            return known.Find(one => one.Key.AsSpan().SequenceEqual(key)).Fit;
        }
    }

    /// <summary>Keeps a fit; the oldest is forgotten.</summary>
    public static void Keep(IContinuationScorer model, byte[] key, byte[] fit)
    {
        List<(byte[] Key, byte[] Fit)> known = Fits.GetOrCreateValue(model);
        lock (known)
        {
            known.RemoveAll(one => one.Key.AsSpan().SequenceEqual(key));
            known.Add((key, fit));
            if (known.Count > Most)
            {
                known.RemoveAt(0);
            }
        }
    }
}
