using System.Text;

namespace ModelPlatform.Tests.EndToEnd.BadInput;

/// <summary>Calls that do not fit the model: refused with the name of the tensor, or of the place in the body.</summary>
[Collection(OnePlatform.Name)]
public sealed class TensorTests(BadInputPlatform bad, ITestOutputHelper output)
{
    [Theory]
    [InlineData("unknown model", "nope", "{}", 404, "'nope'")]
    [InlineData("unknown version", "steady/versions/77", "{}", 404, "77")]
    [InlineData("wrong rank", "steady", """{"inputs":[{"name":"x","shape":[2],"datatype":"FP32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("wrong shape", "steady", """{"inputs":[{"name":"x","shape":[1,3],"datatype":"FP32","data":[1,2,3]}]}""", 400, "'x'")]
    [InlineData("wrong type", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"INT32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("unknown type", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP31","data":[1,2]}]}""", 400, "inputs[0]")]
    [InlineData("too few elements", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1]}]}""", 400, "'x'")]
    [InlineData("too many elements", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2,3]}]}""", 400, "'x'")]
    [InlineData("NaN as text", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":["NaN",1]}]}""", 400, "'x'")]
    [InlineData("bare NaN", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[NaN,1]}]}""", 400, "line 1")]
    [InlineData("negative dimension", "steady", """{"inputs":[{"name":"x","shape":[-1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("overflow of the product", "steady", """{"inputs":[{"name":"x","shape":[16,1152921504606846978],"datatype":"FP32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("a shape of gigabytes", "steady", """{"inputs":[{"name":"x","shape":[250000000,2],"datatype":"FP32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("missing input", "steady", """{"inputs":[]}""", 400, "'x'")]
    [InlineData("double input", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]},{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "'x'")]
    [InlineData("unknown input", "steady", """{"inputs":[{"name":"z","shape":[1,2],"datatype":"FP32","data":[1,2]}]}""", 400, "'z'")]
    [InlineData("unknown output", "steady", """{"inputs":[{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}],"outputs":[{"name":"z"}]}""", 400, "'z'")]
    [InlineData("no JSON", "steady", """{"inputs":[1""", 400, "line 1")]
    public async Task A_call_that_does_not_fit_is_refused_by_name(string what, string model, string body, int status, string named) =>
        Assert.Contains(named, await bad.RefusesAsync(output, what, status, () => PostAsync(model, body)), StringComparison.Ordinal);

    [Theory]
    [InlineData("\"parameters\":", "parameters must be an object")]
    [InlineData("\"more\":", "line 1")]
    [InlineData("\"inputs\":", "inputs[0]")]
    [InlineData("\"inputs\":[{\"name\":\"x\",\"shape\":[1,2],\"datatype\":\"FP32\",\"data\":", "'x'")]
    public async Task JSON_200_levels_deep_is_refused_by_place(string before, string named) =>
        Assert.Contains(named, await bad.RefusesAsync(output, $"{before} 200 levels deep", 400, () => PostAsync("steady", $"{{{before}{new string('[', 200)}")), StringComparison.Ordinal);

    private Task<(int Status, string Body)> PostAsync(string model, string body) =>
        bad.SendAsync($"/v2/models/{model}/infer", new StringContent(body, Encoding.UTF8, "application/json"));
}
