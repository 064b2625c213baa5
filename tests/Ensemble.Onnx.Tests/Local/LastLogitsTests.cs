using Ensemble.Models;

namespace Ensemble.Onnx.Tests.Local;

/// <summary>The head of the model runs over the last position only, where the graph has an input for that; the file itself is never changed.</summary>
internal sealed class LastLogitsTests
{
    private static readonly string Path = System.IO.Path.Combine(ModelFolder.Open(SmolLM2.Name).Path, "model.onnx");

    [Test]
    public void TheShippedGraph_ChangesInTwoPlaces_AndKeepsItsLength()
    {
        byte[] file = File.ReadAllBytes(Path);
        byte[] changed = LastLogits.TryRead(Path)!;
        Assert.That(changed, Has.Length.EqualTo(file.Length));
        int[] places = [.. Enumerable.Range(0, file.Length).Where(index => file[index] != changed[index])];

        // One byte is the count, the others are within the name of one dimension.
        Assert.That(places, Has.Length.InRange(2, 16));
        Assert.That((places.Count(place => changed[place] == 1 && file[place] == 0), places[^1] - places[0] > 16), Is.EqualTo((1, true)));
    }

    [Test]
    public void AGraphWithoutSuchAnInput_IsLoadedAsItIs([Values("llama-int4", "phi3-int4", "gemma2-fp32")] string name)
    {
        Assert.That(LastLogits.TryRead(System.IO.Path.Combine(TinyModel.Folder(name), "model.onnx")), Is.Null);
    }

    [Test]
    public void WhatIsNoGraph_IsLeftToTheRuntime()
    {
        string path = System.IO.Path.GetTempFileName();
        try
        {
            byte[] start = new byte[4096];
            using (FileStream file = File.OpenRead(Path))
            {
                file.ReadExactly(start);
            }

            foreach (int length in (int[])[0, 1, 3, 17, 64, 1000, 4096])
            {
                File.WriteAllBytes(path, start[..length]);
                Assert.That(LastLogits.TryRead(path), Is.Null, $"cut to {length} bytes");
            }

            Random random = new(20261126);
            for (int run = 0; run < 200; run++)
            {
                byte[] noise = new byte[random.Next(200)];
                random.NextBytes(noise);
                File.WriteAllBytes(path, noise);
                Assert.That(LastLogits.TryRead(path), Is.Null, Convert.ToHexString(noise));
            }
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Test]
    public async Task TheLastRow_IsThatOfAllRows()
    {
        int[] prompt = await SharedSmolLM2.OnModelThread(model => model.Prompts.EncodeText("The capital of France is Paris, and the capital of Japan is"));
        using LoadedModel all = LoadedModel.Load(ModelFolder.Open(SmolLM2.Name), new SessionSettings(AllLogits: true), 0);
        Assert.That((all.Capabilities.AllLogits, SharedSmolLM2.Model.Capabilities.AllLogits), Is.EqualTo((true, false)));

        float[] whole = LastRow(all, prompt, prompt.Length);
        float[] last = await SharedSmolLM2.OnModelThread(model => LastRow(model, prompt, 1));

        // int8 activations of a row round alike, but one row goes another way through the head than many.
        Assert.That(last.Zip(whole, (one, other) => Math.Abs(one - other)).Max(), Is.LessThan(0.5f));
        Assert.That(Array.IndexOf(last, last.Max()), Is.EqualTo(Array.IndexOf(whole, whole.Max())));
    }

    private static float[] LastRow(LoadedModel model, int[] prompt, int rows)
    {
        KeptGenerator kept = model.Pool.Take(null, prompt, prompt.Length + 1, null);
        try
        {
            kept.Bring(prompt, CancellationToken.None);
            using Logits logits = Logits.Read(kept.Generator);
            Assert.That(logits.Rows, Is.EqualTo(rows));
            return logits.LastRow.ToArray();
        }
        finally
        {
            kept.Dispose();
        }
    }
}
