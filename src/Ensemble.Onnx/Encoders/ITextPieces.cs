namespace Ensemble.Onnx;

/// <summary>Turns text into the ids of a vocabulary, without the marks around it.</summary>
internal interface ITextPieces
{
    /// <summary>Gives the ids of a text, at least the first <paramref name="maxPieces"/> of them if it has so many; names of control tokens in it are text.</summary>
    int[] Encode(string text, int maxPieces);

    /// <summary>Finds the id of a token by its name; <see langword="null"/> when the vocabulary lacks it.</summary>
    int? FindId(string token);
}
