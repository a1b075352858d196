using FsCheck;
using FsCheck.Fluent;
using ModelPlatform.Inference.Execution;
using ModelPlatform.Inference.Execution.Vetting;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Tests.Shared;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

/// <summary>Valid models with some of their bytes changed, cut off or doubled: they pass the vetting, or are unfit with a reason; nothing else ever happens.</summary>
public sealed class OnnxVettingPropertyTests : IDisposable
{
    private static readonly IReadOnlySet<FilePath> Files = new HashSet<FilePath> { FilePath.Parse("model.onnx"), FilePath.Parse("weights.bin") };

    private static readonly byte[][] Models =
    [
        OnnxModels.Times(2), OnnxModels.Classifier(1, 2, 3), OnnxModels.SoftmaxClassifier(), OnnxModels.Quarters(), OnnxModels.Product(), OnnxModels.Nested(3),
        OnnxModels.Sum(7), OnnxModels.Spin(), OnnxModels.WithExternalData("weights.bin"), OnnxModels.WithOperatorOf("com.microsoft"),
    ];

    private static readonly Gen<byte[]> Damaged =
        from model in Gen.Elements(Models)
        from kept in Gen.OneOf(Gen.Constant(model.Length), Gen.Choose(0, model.Length))
        from count in Gen.Choose(0, 4)
        from places in Gen.Choose(0, model.Length - 1).ListOf(count)
        from values in Gen.OneOf(Gen.Choose(0, 255), Gen.Elements(0, 0x7F, 0x80, 0xFF)).ListOf(count)
        from twice in Gen.Choose(0, 9)
        select Damage(model, kept, places.Zip(values), twice == 0);

    private readonly string _path = Path.Combine(Directory.CreateTempSubdirectory("vetting-").FullName, "model.onnx");

    public void Dispose() => Directory.Delete(Path.GetDirectoryName(_path)!, recursive: true);

    [Fact]
    public void A_damaged_model_is_vetted_or_refused_with_a_reason() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(3000).WithReplay(1, 1), Prop.ForAll(Damaged.ToArbitrary(), model => { IsFit(model); }));

    // What the vetting lets through goes to native code, which must not take the process with it.
    [Fact]
    public void What_passes_the_vetting_is_loaded_or_refused_with_a_reason() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(400).WithReplay(2, 3), Prop.ForAll(Damaged.ToArbitrary(), model =>
        {
            if (!IsFit(model)) return;
            try { OnnxSession.Load(_path, new SessionSetup(1)).Dispose(); }
            catch (UnfitModelException refusal) { Assert.DoesNotContain(Path.GetDirectoryName(_path)!, refusal.Message, StringComparison.Ordinal); }
            catch (InsufficientMemoryException) { }
        }));

    private bool IsFit(byte[] model)
    {
        File.WriteAllBytes(_path, model);
        try
        {
            OnnxFile.Vet(_path, Files);
            return true;
        }
        catch (UnfitModelException refusal)
        {
            Assert.InRange(refusal.Message.Length, 10, 500);
            Assert.All(refusal.Message.Replace('…', '.'), c => Assert.InRange(c, ' ', '~'));
            return false;
        }
    }

    private static byte[] Damage(byte[] model, int kept, IEnumerable<(int Place, int Value)> changes, bool twice)
    {
        var damaged = (byte[])model.Clone();
        foreach (var (place, value) in changes) damaged[place] = (byte)value;
        return twice ? [.. damaged[..kept], .. damaged] : damaged[..kept];
    }
}
