using Microsoft.AspNetCore.Http.HttpResults;
using ModelPlatform.Repository.Json;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;
using ModelPlatform.Sync.Planning;
using ModelPlatform.Sync.Publishing;
using ModelPlatform.Sync.Replicas;

namespace ModelPlatform.Sync.Operating;

/// <summary>An operator's call from its model and body to a wish that is written and announced, or to the reason why not.</summary>
internal sealed partial class Operations(Wishes wishes, Releases releases, ReplicaRegistry registry, StateFeed feed, Signal hint, WishNews news, ILogger<Operations> logger)
{
    /// <param name="request">Nothing of its body is needed, but one that is not understood is refused; null where it is a form that was understood already.</param>
    public Task<IResult> WishAsync(string model, ModelWish wish, HttpRequest? request, CancellationToken cancelled) => RefusingAsync(model, async name =>
    {
        if (request is not null) await BodyAsync(request, cancelled);
        return await ChangeAsync(name, null, wish.Kind, wish.Change, null, cancelled);
    }, cancelled);

    public Task<IResult> PinAsync(string model, HttpRequest request, CancellationToken cancelled) => RefusingAsync(model, async name =>
        (await BodyAsync(request, cancelled)).Version is { } version
            ? await PinAsync(new ModelId(name, version), null, cancelled)
            : Lacking(), cancelled);

    /// <summary>A pin to the version named, else to what is proved where a rollout runs, else to the fallback.</summary>
    public Task<IResult> RollBackAsync(string model, HttpRequest request, CancellationToken cancelled) => RefusingAsync(model, async name =>
    {
        var wanted = (await BodyAsync(request, cancelled)).Version;
        var published = feed.Current?.Document.Models.GetValueOrDefault(name);
        var before = published?.Candidate is null ? published?.Fallback : published.Versions;
        if ((wanted ?? (before is [var good, ..] ? good.Version : null)) is not { } version)
            return ErrorBody.Answer(409, $"There is nothing to roll '{name}' back to: no version before the one that is served is known to be good. Name one.");
        var left = published?.Candidate?.Versions ?? published?.Versions ?? [];
        return await PinAsync(new ModelId(name, version), $"Rolled back from version {string.Join(", ", left.Select(each => each.Version))}.", cancelled);
    }, cancelled);

    public Task<IResult> ReleaseAsync(string model, HttpRequest request, CancellationToken cancelled) => RefusingAsync(model, async name =>
    {
        if ((await BodyAsync(request, cancelled)).Version is not { } version) return Lacking();
        if (Held(feed.Current?.Document, new ModelId(name, version)) is not { } refused)
            return ErrorBody.Answer(404, $"Version {version} of '{name}' is not in quarantine.");
        registry.Forgive(name, refused.Version.Identity);
        releases.Add(name, refused.Version.Identity);
        hint.Raise();
        Tell(HistoryKind.Released, name, version, $"It was in quarantine: {refused.Reason}", refused.Version.Identity);
        return TypedResults.NoContent();
    }, cancelled);

    private async Task<IResult> PinAsync(ModelId id, string? reason, CancellationToken cancelled)
    {
        if (Held(releases.ApplyTo(feed.Current?.Document), id) is { } held)
            return ErrorBody.Answer(409, $"Version {id.Version} of '{id.Name}' is in quarantine: release it first. The reason: {held.Reason}");
        return await wishes.KnowAsync(id, cancelled)
            ? await ChangeAsync(id.Name, id.Version, HistoryKind.Pinned, wish => wish with { Pin = id.Version }, reason, cancelled)
            : ErrorBody.Answer(404, $"There is no complete version {id.Version} of '{id.Name}' in the repository.");
    }

    private static QuarantinedVersion? Held(DesiredState? published, ModelId id) =>
        published?.Models.GetValueOrDefault(id.Name)?.Quarantine.FirstOrDefault(held => held.Version.Version == id.Version);

    private async Task<IResult> ChangeAsync(
        ModelName model, ModelVersion? version, HistoryKind kind, Func<ModelOverride, ModelOverride> change, string? reason, CancellationToken cancelled)
    {
        if (!await wishes.ChangeAsync(model, change, cancelled)) return TypedResults.NoContent();
        Tell(kind, model, version, reason);
        return TypedResults.NoContent();
    }

    private void Tell(HistoryKind kind, ModelName model, ModelVersion? version, string? reason, Identity? identity = null)
    {
        news.Tell(kind, model, version, reason, identity);
        Log.Wished(logger, kind, model, version);
    }

    private async Task<IResult> RefusingAsync(string model, Func<ModelName, Task<IResult>> wish, CancellationToken cancelled)
    {
        if (!ModelName.TryParse(model, out var name)) return Unknown(model);
        try { return await wishes.KnowAsync(name, cancelled) ? await wish(name) : Unknown(model); }
        catch (BadHttpRequestException refused) { return ErrorBody.Answer(refused.StatusCode, refused.Message); }
        catch (InvalidDocumentException unreadable) { return ErrorBody.Answer(409, unreadable.Message); }
        catch (Exception away) when (StorageFailure.Is(away, cancelled))
        {
            return ErrorBody.Answer(503, $"The wish could not be written to the repository: {StorageFailure.ReasonOf(away)}");
        }
    }

    private static async Task<VersionRequest> BodyAsync(HttpRequest request, CancellationToken cancelled)
    {
        if (request.HasFormContentType) return await FormAsync(request, cancelled);
        var body = new byte[VersionRequest.MaxBytes + 1];
        var length = await request.Body.ReadAtLeastAsync(body, body.Length, throwOnEndOfStream: false, cancelled);
        if (length > VersionRequest.MaxBytes) throw new BadHttpRequestException($"The body is larger than {VersionRequest.MaxBytes} bytes.", 413);
        try { return VersionRequest.Parse(body.AsSpan(0, length)); }
        catch (InvalidDocumentException malformed) { throw new BadHttpRequestException(malformed.Message, 400, malformed); }
    }

    /// <summary>As the console sends it.</summary>
    private static async Task<VersionRequest> FormAsync(HttpRequest request, CancellationToken cancelled)
    {
        string text;
        try { text = (await request.ReadFormAsync(cancelled))["version"].ToString(); }
        // No boundary between its parts, or it ends in the middle of one. What is refused by its size is not malformed.
        catch (Exception malformed) when (malformed is InvalidDataException || malformed is IOException and not BadHttpRequestException)
        {
            throw new BadHttpRequestException("The body is not the form that it says to be.", 400, malformed);
        }
        return ModelVersion.TryParse(text, out var version) ? new(version) : throw new BadHttpRequestException($"'{Quoted.Of(text)}' is not a version: a positive integer is.");
    }

    private static JsonHttpResult<ErrorBody> Lacking() => ErrorBody.Answer(400, """body: It lacks 'version', as in {"version": "2"}.""");

    private static JsonHttpResult<ErrorBody> Unknown(string model) => ErrorBody.Answer(404, $"There is no model '{Quoted.Of(model)}' in the repository.");

    private static partial class Log
    {
        [LoggerMessage(EventId = 1, Level = LogLevel.Information, Message = "By an operator's wish {Kind}: {Model} {Version}.")]
        public static partial void Wished(ILogger logger, HistoryKind kind, ModelName model, ModelVersion? version);
    }
}
