namespace Ensemble.Onnx;

/// <summary>How the vectors of a text's tokens become one.</summary>
internal enum PoolingMode
{
    /// <summary>The mean of all tokens, marks included, padding not.</summary>
    Mean,

    /// <summary>The vector of the first mark.</summary>
    First,

    /// <summary>The largest number of each dimension.</summary>
    Max,
}
