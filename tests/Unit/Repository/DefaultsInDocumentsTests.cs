using System.Text;
using ModelPlatform.Repository.Manifests;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.Serving;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

/// <summary>A member that is left out has its documented default, whatever way the serializer makes the object.</summary>
public sealed class DefaultsInDocumentsTests
{
    private const string Digest = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

    [Fact]
    public void A_model_json_may_leave_out_everything_but_files()
    {
        var manifest = ModelManifest.Parse(Encoding.UTF8.GetBytes($$"""{ "files": { "model.onnx": { "bytes": 1, "sha256": "{{Digest}}" } } }"""));
        Assert.Empty(manifest.Golden);
        Assert.False(manifest.SignatureChange);
    }

    [Fact]
    public void Empty_plans_in_a_model_json_mean_the_defaults()
    {
        var manifest = ModelManifest.Parse(Encoding.UTF8.GetBytes(
            $$"""
            { "preprocess": {}, "postprocess": {}, "golden": [ { "inputs": { "x": "x.bin" }, "outputs": { "y": "x.bin" } } ],
              "files": { "model.onnx": { "bytes": 1, "sha256": "{{Digest}}" }, "x.bin": { "bytes": 1, "sha256": "{{Digest}}" } } }
            """));
        Assert.Equal(PreprocessPlan.DefaultScale, manifest.Preprocess!.Scale);
        Assert.Equal(PostprocessPlan.DefaultTopK, manifest.Postprocess!.TopK);
        Assert.Equal(1e-4, manifest.Golden[0].Tolerance);
    }

    [Fact]
    public void An_empty_serving_json_means_the_default_policy()
    {
        var policy = ServingPolicy.Parse("{}"u8);
        Assert.Equal(1, policy.Versions.Latest);
        Assert.Equal(new RolloutPlan(), policy.Rollout);
        Assert.Equal(new RolloutPlan { First = 2 }, ServingPolicy.Parse("""{ "rollout": { "first": 2 } }"""u8).Rollout);
    }

    [Fact]
    public void A_desired_model_may_leave_out_the_fallback()
    {
        var state = DesiredState.Parse("""{ "schema": 1, "generation": 1, "published": "2026-11-22T10:00:00Z", "models": { "m": { "versions": [] } } }"""u8);
        Assert.Empty(state.Models[ModelName.Parse("m")].Fallback);
    }
}
