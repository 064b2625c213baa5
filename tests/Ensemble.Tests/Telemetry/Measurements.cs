using System.Collections.Concurrent;
using System.Diagnostics.Metrics;

namespace Ensemble.Tests;

/// <summary>Keeps what the instruments of one test measure: its meters are its own, so tests that run beside it are not heard.</summary>
internal sealed class Measurements : IMeterFactory
{
    private readonly ConcurrentQueue<Measured> _all = [];
    private readonly List<Meter> _meters = [];
    private readonly MeterListener _listener = new();

    public Measurements()
    {
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            lock (_meters)
            {
                if (_meters.Contains(instrument.Meter))
                {
                    listener.EnableMeasurementEvents(instrument);
                }
            }
        };
        _listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => _all.Enqueue(new(instrument.Name, value, tags.ToArray())));
        _listener.SetMeasurementEventCallback<double>((instrument, value, tags, _) => _all.Enqueue(new(instrument.Name, value, tags.ToArray())));
        _listener.Start();
    }

    public IReadOnlyCollection<Measured> All => _all;

    public IEnumerable<Measured> Of(string instrument) => _all.Where(one => one.Instrument == instrument);

    public Meter Create(MeterOptions options)
    {
        Meter meter = new(options.Name);
        lock (_meters)
        {
            _meters.Add(meter);
        }

        return meter;
    }

    public void Dispose()
    {
        _listener.Dispose();
        _meters.ForEach(static meter => meter.Dispose());
    }

    internal sealed record Measured(string Instrument, double Value, KeyValuePair<string, object?>[] Tags)
    {
        public string? this[string tag] => Tags.FirstOrDefault(pair => pair.Key == tag).Value as string;
    }
}
