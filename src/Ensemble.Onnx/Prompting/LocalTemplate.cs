namespace Ensemble.Onnx;

/// <summary>How a conversation becomes the text that a local model continues.</summary>
public enum LocalTemplate
{
    /// <summary>The model's own chat template.</summary>
    Model = 0,

    /// <summary>No template (completion): the messages' texts one after another, as they are.</summary>
    None,
}
