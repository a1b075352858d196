using System.Text;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;

namespace ModelPlatform.Tests.Unit.Repository;

public sealed class ModelOverridesTests
{
    private static readonly ModelName Fashion = ModelName.Parse("fashion");
    private static readonly ModelName Other = ModelName.Parse("other");

    [Theory]
    [InlineData("{}", "")]
    [InlineData("""{ "schema": 1 }""", "")]
    [InlineData("""{ "schema": 1, "models": {} }""", "")]
    [InlineData("""{ "models": { "fashion": {} } }""", "")]
    [InlineData("""{ "models": { "fashion": { "unload": false } } }""", "")]
    [InlineData("""{ "models": { "fashion": { "unload": true } } }""", "fashion")]
    [InlineData("""{ "models": { "other": { "unload": true }, "fashion": { "unload": true } } }""", "fashion other")]
    public void Models_to_unload_are_named(string json, string unloaded) =>
        Assert.Equal(unloaded, string.Join(' ', new[] { Fashion, Other }.Where(Parse(json).Unload)));

    [Fact]
    public void A_wish_is_written_read_and_taken_back()
    {
        var both = ModelOverrides.None.With(Fashion, new ModelOverride(Unload: true)).With(Other, new ModelOverride(Unload: true));
        var read = ModelOverrides.Parse(both.ToJson());
        Assert.True(read.Unload(Fashion) && read.Unload(Other));

        var one = ModelOverrides.Parse(read.With(Fashion, ModelOverride.Nothing).ToJson());
        Assert.Equal(Other, Assert.Single(one.Models).Key);
        Assert.Empty(ModelOverrides.Parse(one.With(Other, ModelOverride.Nothing).ToJson()).Models);
    }

    [Fact]
    public void A_wish_leaves_the_other_ones_of_its_model_and_is_not_written_where_it_is_not_made()
    {
        var wishes = ModelOverrides.None.With(Fashion, wish => wish with { Pin = new(3) }).With(Fashion, wish => wish with { Unload = true });
        Assert.DoesNotContain("paused", Encoding.UTF8.GetString(wishes.ToJson()), StringComparison.Ordinal);
        var read = ModelOverrides.Parse(wishes.With(Fashion, wish => wish with { Paused = true }).ToJson());
        Assert.Equal(new ModelOverride(Unload: true, Pin: new(3), Paused: true), read.Models[Fashion]);
        Assert.Empty(read.With(Fashion, wish => wish with { Unload = false }).With(Fashion, wish => wish with { Pin = null }).With(Fashion, wish => wish with { Paused = false }).Models);
    }

    [Theory]
    [InlineData("", "It is empty.")]
    [InlineData("null", "It is null.")]
    [InlineData("{", "It is not valid JSON at line 1, byte 2.")]
    [InlineData("""{ "schema": 2 }""", "schema: It is 2; this release reads 1.")]
    [InlineData("""{ "model": {} }""", "model: This member is not known.")]
    [InlineData("""{ "models": null }""", "models: It must not be null.")]
    [InlineData("""{ "models": [] }""", "models: An object is expected.")]
    [InlineData("""{ "models": { "fashion": null } }""", "models.fashion: It must not be null.")]
    [InlineData("""{ "models": { "fashion": true } }""", "models.fashion: An object is expected.")]
    [InlineData("""{ "models": { "fashion": { "unload": "yes" } } }""", "models.fashion.unload: true or false is expected.")]
    [InlineData("""{ "models": { "fashion": { "canary": "3" } } }""", "models.fashion.canary: This member is not known.")]
    [InlineData("""{ "models": { "fashion": { "pin": 3 } } }""", "models.fashion.pin: A string is expected.")]
    [InlineData("""{ "models": { "fashion": { "pin": "03" } } }""", "models.fashion.pin: '03' is not a version (a positive integer without leading zeros).")]
    [InlineData("""{ "models": { "fashion": { "paused": 1 } } }""", "models.fashion.paused: true or false is expected.")]
    [InlineData("""{ "models": { "fashion": {}, "fashion": {} } }""", "models.fashion: It is there twice.")]
    [InlineData("""{ "models": { "../x": { "unload": true } } }""", "models['../x']: '../x' is not a model name (1 to 63 letters, digits, '.', '_' or '-', beginning and ending with a letter or digit).")]
    public void Whatever_is_wrong_is_named(string json, string reason) =>
        Assert.Equal($"overrides.json: {reason}", Assert.Throws<InvalidDocumentException>(() => Parse(json)).Message);

    [Fact]
    public void A_megabyte_is_the_most()
    {
        var largest = "{}".PadRight(ModelOverrides.MaxBytes);
        Assert.Empty(Parse(largest).Models);
        Assert.Throws<InvalidDocumentException>(() => Parse(largest + " "));
    }

    private static ModelOverrides Parse(string json) => ModelOverrides.Parse(Encoding.UTF8.GetBytes(json));
}
