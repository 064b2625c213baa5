using CsCheck;

namespace Ensemble.Onnx.Tests.Encoders;

public sealed class EncoderBatchesTests
{
    [Test]
    public void Plan_AnyInputs_HasEachOnceAndKeepsTheBounds() =>
        Gen.Select(Gen.Int[2, 512].Array[0, 100], Gen.Int[1, 40]).Sample((lengths, maxBatchSize) =>
        {
            EncoderInput[] inputs = [.. lengths.Select(n => new EncoderInput(new int[n], n))];
            List<int[]> batches = EncoderBatches.Plan(inputs, maxBatchSize);

            Assert.That(batches.SelectMany(b => b).Order(), Is.EqualTo(Enumerable.Range(0, inputs.Length)));
            Assert.That(batches, Is.All.Matches<int[]>(b => b!.Length <= maxBatchSize && b.Length * b.Max(i => inputs[i].Length) <= 4096));
        });
}
