using Microsoft.ML.Data;

namespace TicketAspire.Classifier.MLNet;

/// <summary>A model whose text goes through an ML.NET pipeline.</summary>
public abstract class MLNetModel : TextModel
{
    [ThreadStatic]
    private static TextInput? _input;

    [ThreadStatic]
    private static TextOutput? _output;

    private protected MLNetModel(Pipeline pipeline, byte[] file, IEnginePool? engines) =>
        (Pipeline, File, Engines) = (pipeline, file, engines ?? new EngineBag(pipeline));

    /// <summary>What its prediction engines are made from.</summary>
    public Pipeline Pipeline { get; }

    /// <summary>The pipeline as a file.</summary>
    internal byte[] File { get; }

    private protected IEnginePool Engines { get; }

    /// <summary>The same model, asked through these engines.</summary>
    public abstract MLNetModel With(IEnginePool engines);

    /// <summary>What the pipeline says of a text; taken before the engine is asked again.</summary>
    private protected void Run<T>(string text, ref T taking)
        where T : struct, ITakeValues, allows ref struct
    {
        var input = _input ??= new TextInput();
        var output = _output ??= new TextOutput();
        var engine = Engines.Rent();
        try
        {
            input.Text = text;
            engine.Predict(input, ref output);
            taking.Take(output.Values);
        }
        finally
        {
            // A pooled engine is not to keep the text.
            input.Text = string.Empty;
            Engines.Return(engine);
        }
    }

    /// <summary>Takes what a pipeline gives before its engine is asked again.</summary>
    private protected interface ITakeValues
    {
        void Take(in VBuffer<float> values);
    }
}
