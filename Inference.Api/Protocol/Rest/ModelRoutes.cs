using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Inference.Models;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>What is served: metadata and readiness of models.</summary>
internal static class ModelRoutes
{
    public const string Platform = "onnx_onnxv1";

    public static void MapModels(this IEndpointRouteBuilder models)
    {
        models.MapGet("/", (ModelCatalog catalog) => TypedResults.Json(new ModelsBody([.. catalog.Names.Select(name => name.ToString())]), RestJson.Readable.ModelsBody));
        models.MapGet("/{model}", (string model, ModelCatalog catalog) => Describe(catalog, model, null));
        models.MapGet("/{model}/versions/{version}", (string model, string version, ModelCatalog catalog) => Describe(catalog, model, version));
        models.MapGet("/{model}/ready", (string model, ModelCatalog catalog) => Ready(catalog, model, null));
        models.MapGet("/{model}/versions/{version}/ready", (string model, string version, ModelCatalog catalog) => Ready(catalog, model, version));
    }

    private static JsonHttpResult<ModelBody> Describe(ModelCatalog catalog, string model, string? version)
    {
        using var lease = catalog.Acquire(model, version);
        var served = lease.Model;
        return TypedResults.Json(
            new ModelBody(
                served.Id.Name.ToString(),
                [.. catalog.Of(served.Id.Name).Select(other => other.Id.Version.ToString())],
                Platform,
                Bodies(served.Inputs),
                Bodies(served.Outputs)),
            RestJson.Readable.ModelBody);
    }

    private static JsonHttpResult<ModelReadyBody> Ready(ModelCatalog catalog, string model, string? version)
    {
        using var lease = catalog.Acquire(model, version);
        return TypedResults.Json(new ModelReadyBody(lease.Model.Id.Name.ToString(), true), RestJson.Readable.ModelReadyBody);
    }

    private static TensorBody[] Bodies(IReadOnlyList<TensorSpec> specs) => [.. specs.Select(spec => new TensorBody(spec.Name, spec.Datatype.Name, spec.Shape))];
}
