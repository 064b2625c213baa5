namespace Ensemble.Cli;

/// <summary>Finds the best way to run a model in few measurements: threads first, then spinning, then the other providers.</summary>
internal sealed class MeasureSearch(IModelMeasurer measurer, string folder, int processors, IReadOnlyList<string> providers)
{
    private const string Processor = "cpu";

    // A gain smaller than that is noise; fewer threads, and threads that sleep, leave more of the machine to others.
    private const double Noise = 1.03;

    private readonly int[] _threads = [.. Powers(processors)];
    private readonly string[] _others = [.. providers.Where(provider => !provider.Equals(Processor, StringComparison.OrdinalIgnoreCase)).Distinct(StringComparer.OrdinalIgnoreCase)];

    /// <summary>Gets how many measurements there are.</summary>
    public int Steps => _threads.Length + 1 + _others.Length;

    /// <summary>Measures.</summary>
    /// <param name="progress">Told what is measured next.</param>
    /// <param name="failed">Told of a way that does not work here.</param>
    /// <param name="cancellationToken">Stops the search.</param>
    /// <exception cref="EnsembleException">The model does not even run on the processor.</exception>
    public async Task<(SessionChoice Best, MeasuredSpeed Speed)> RunAsync(Action<SessionChoice> progress, Action<SessionChoice, string> failed, CancellationToken cancellationToken)
    {
        SessionChoice best = new(_threads[0], AllowSpinning: true, Processor);
        progress(best);
        MeasuredSpeed speed = await measurer.MeasureAsync(folder, best, cancellationToken);
        foreach (int threads in _threads.Skip(1))
        {
            await TryAsync(best with { Threads = threads }, Noise);
        }

        // Sleeping threads win a draw.
        await TryAsync(best with { AllowSpinning = false }, 1 / Noise);
        foreach (string provider in _others)
        {
            await TryAsync(best with { ExecutionProvider = provider }, Noise);
        }

        return (best, speed);

        async Task TryAsync(SessionChoice choice, double margin)
        {
            progress(choice);
            try
            {
                MeasuredSpeed now = await measurer.MeasureAsync(folder, choice, cancellationToken);
                if (now.Seconds * margin < speed.Seconds)
                {
                    (best, speed) = (choice, now);
                }
            }
            catch (EnsembleException error)
            {
                failed(choice, error.Message);
            }
        }
    }

    private static IEnumerable<int> Powers(int processors)
    {
        for (int threads = 1; threads < processors; threads *= 2)
        {
            yield return threads;
        }

        yield return processors;
    }
}
