using System.ComponentModel.DataAnnotations;
using Microsoft.Extensions.Options;

namespace ModelPlatform.Inference.Protocol.Score;

internal sealed class ScoreOptions
{
    public const string Section = "Score";

    /// <summary>The model that answers <c>POST /score</c>; by default the only one that classifies pictures.</summary>
    public string? Model { get; set; }

    /// <summary>Pictures in one request.</summary>
    [Range(1, 10_000)] public int MaxPictures { get; set; } = 64;
}

[OptionsValidator]
internal sealed partial class ScoreOptionsValidator : IValidateOptions<ScoreOptions>;
