namespace Ensemble.Tokenization.Kernels;

/// <summary>The kernels, the fastest last.</summary>
internal enum KernelKind
{
    Scalar,
    Vector128,
    Avx2,
    Avx512,
}
