using Microsoft.Extensions.AI;
using Microsoft.ML.OnnxRuntimeGenAI;

namespace Ensemble.Onnx;

/// <summary>Generates through the runtime's own sampler: JSON of a schema (constrained decoding), and models that cannot append.</summary>
internal static class RuntimeGeneration
{
    internal static Answer Run(LoadedModel model, GenerationRequest request, int[] prompt, IAnswerSink sink, CancellationToken cancellationToken)
    {
        int limit = Math.Min(request.MaxOutputTokens, model.Config.ContextLength - prompt.Length);
        if (model.Folder.RopeLimit is { } rope and not RopeLimit.Published && prompt.Length <= rope)
        {
            // The runtime reads the text again where the published models change their angles, and nowhere else.
            limit = Math.Min(limit, rope - prompt.Length);
            if (limit < 1)
            {
                throw new UnsupportedOptionException($"'{model.Folder.Name}' changes all its positions at {rope} tokens, and constrained decoding cannot cross that length: shorten the prompt of {prompt.Length}.");
            }
        }

        using AnswerText text = new(model.Tokenizer, request, sink);
        using GeneratorParams parameters = MakeParameters(model, request, model.Config.CacheLength(prompt.Length + limit));
        using Generator generator = MakeGenerator(model, request, parameters);
        if (request.Adapter is { } adapter)
        {
            model.Adapters.Activate(generator, adapter);
        }

        using CancellationTokenRegistration stop = cancellationToken.UnsafeRegister(static running => Terminate((Generator)running!), generator);
        try
        {
            // One pass: a second append would have to fit the schema.
            generator.AppendTokens(prompt);
            return Decode(generator, text, prompt.Length, limit, cancellationToken);
        }
        catch (OnnxRuntimeGenAIException error) when (cancellationToken.IsCancellationRequested)
        {
            throw new OperationCanceledException("The pass was terminated.", error, cancellationToken);
        }
    }

    private static Answer Decode(Generator generator, AnswerText text, int prompt, int limit, CancellationToken cancellationToken)
    {
        int count = 0;
        int seen = prompt;
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            generator.GenerateNextToken();
            ReadOnlySpan<int> sequence = generator.GetSequence(0);
            bool isDone = generator.IsDone();

            // The schema may force several tokens at once; an end token is not in the sequence.
            for (; seen < sequence.Length && count < limit && !text.IsStopped; seen++, count++)
            {
                text.Add(text.Decode(sequence[seen]), null);
            }

            if (text.IsStopped)
            {
                return Finish(count, ChatFinishReason.Stop);
            }

            if (count >= limit)
            {
                return Finish(count, ChatFinishReason.Length);
            }

            if (isDone)
            {
                return Finish(count + 1, ChatFinishReason.Stop);
            }
        }

        Answer Finish(int output, ChatFinishReason reason)
        {
            text.Finish();
            return new Answer { FinishReason = reason, Usage = Answer.MakeUsage(prompt, 0, output) };
        }
    }

    // A long prompt is one pass, which sees no token: the runtime ends it from outside.
    private static void Terminate(Generator generator)
    {
        try
        {
            generator.SetRuntimeOption("terminate_session", "1");
        }
        catch (OnnxRuntimeGenAIException)
        {
            // A device that cannot end a pass finishes it; the loop sees the token after it.
        }
    }

    private static Generator MakeGenerator(LoadedModel model, GenerationRequest request, GeneratorParams parameters)
    {
        try
        {
            return new Generator(model.Model, parameters);
        }
        catch (OnnxRuntimeGenAIException error) when (request.Format.Schema is not null)
        {
            throw new UnsupportedOptionException($"The JSON schema in ResponseFormat cannot constrain an answer: {error.Message} Simplify the schema.", error);
        }
    }

    private static GeneratorParams MakeParameters(LoadedModel model, GenerationRequest request, int maxLength)
    {
        SamplingOptions sampling = request.Sampling;
        GeneratorParams parameters = new(model.Model);
        try
        {
            parameters.SetSearchOption("max_length", maxLength);
            parameters.SetSearchOption("do_sample", sampling.Temperature > 0);
            if (sampling.Temperature > 0)
            {
                parameters.SetSearchOption("temperature", sampling.Temperature);
                parameters.SetSearchOption("top_k", sampling.TopK);
                parameters.SetSearchOption("top_p", sampling.TopP);

                // The runtime takes a signed 32-bit seed, -1 for none.
                parameters.SetSearchOption("random_seed", (sampling.Seed ^ (sampling.Seed >> 32)) & int.MaxValue);
            }

            if (request.Format.Schema is { } schema)
            {
                parameters.SetGuidance("json_schema", schema, false);
            }

            return parameters;
        }
        catch
        {
            parameters.Dispose();
            throw;
        }
    }
}
