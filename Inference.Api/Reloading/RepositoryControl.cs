using System.Net;
using System.Net.Http.Json;
using Microsoft.Extensions.Options;
using ModelPlatform.Inference.Models;
using ModelPlatform.Repository.Naming;
using ModelPlatform.Repository.State;
using ModelPlatform.ServiceDefaults;

namespace ModelPlatform.Inference.Reloading;

/// <summary>
/// The protocol's load and unload. A replica that did either on its own would be put right a moment later, so both are wishes to ModelSync, which
/// every replica follows; the call ends when this one has.
/// </summary>
internal sealed class RepositoryControl(
    DesiredStateFeed feed, ModelCatalog catalog, AckOutbox acks, IHttpClientFactory clients, PlatformKey key, IOptions<ControlOptions> options,
    IHostApplicationLifetime lifetime, TimeProvider time)
{
    /// <summary>For a look before a body is read.</summary>
    /// <param name="authorization">What the caller sent for the platform key.</param>
    /// <exception cref="InferenceFault">Nobody may, or not without the key.</exception>
    public void RequireAllowed(string? authorization)
    {
        if (!options.Value.Allowed) throw new InferenceFault(FaultKind.NotAllowed, "Loading and unloading are switched off here (RepositoryControl:Allowed): use modelctl.");
        if (!key.Admits(authorization)) throw new InferenceFault(FaultKind.Unauthenticated, "Loading and unloading need the platform key, as Authorization: Bearer.");
    }

    /// <summary>Returns once the model is served; at once where it is already.</summary>
    /// <param name="authorization">What the caller sent for the platform key.</param>
    /// <exception cref="InferenceFault">It is not allowed, unknown, rejected, or not done in time.</exception>
    public async Task<ModelName> LoadAsync(string model, string? authorization, CancellationToken cancelled)
    {
        var name = await WishAsync(model, authorization, SyncRoutes.LoadOf, cancelled);
        await UntilAsync(() => IsLoaded(name), $"Model '{name}' is not loaded yet", cancelled);
        return name;
    }

    /// <summary>Returns once no new request gets the model; those under way may still be running.</summary>
    /// <inheritdoc cref="LoadAsync"/>
    public async Task<ModelName> UnloadAsync(string model, string? authorization, CancellationToken cancelled)
    {
        var name = await WishAsync(model, authorization, SyncRoutes.UnloadOf, cancelled);
        await UntilAsync(() => !IsWanted(name) && catalog.Of(name).Count == 0, $"Model '{name}' is not unloaded yet", cancelled);
        return name;
    }

    private async Task<ModelName> WishAsync(string model, string? authorization, Func<ModelName, string> route, CancellationToken cancelled)
    {
        RequireAllowed(authorization);
        if (!ModelName.TryParse(model, out var name)) throw new InferenceFault(FaultKind.UnknownModel, $"There is no model '{Quoted.Of(model)}'.");
        try
        {
            using var client = clients.CreateClient(SyncClient.Name);
            using var answer = await client.PostAsync(route(name), null, cancelled);
            if (!answer.IsSuccessStatusCode) throw await RefusalOfAsync(answer, cancelled);
            return name;
        }
        catch (HttpRequestException) { throw Away(); }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested) { throw Away(); }
    }

    private bool IsWanted(ModelName name) => feed.Current?.Models.ContainsKey(name) == true;

    private bool IsLoaded(ModelName name)
    {
        if (feed.Current?.Models.GetValueOrDefault(name) is not { } wanted) return false;
        if (catalog.Of(name) is [var answering, ..] && wanted.Identities().Contains(answering.Identity)) return true;
        // The same content may have been published under several numbers, and is refused as such.
        var refused = acks.Said().Where(ack => ack.Model == name && ack.State == AckState.Rejected).ToLookup(ack => ack.Identity, ack => ack.Reason);
        List<DesiredVersion> candidates = [.. wanted.Versions, .. wanted.Fallback];
        if (candidates.Count == 0 || !candidates.All(version => refused.Contains(version.Identity))) return false;
        throw new InferenceFault(FaultKind.InvalidInput, $"Model '{name}' was rejected: {refused[candidates[0].Identity].First()}");
    }

    private async Task UntilAsync(Func<bool> isDone, string otherwise, CancellationToken cancelled)
    {
        using var patience = new CancellationTokenSource(options.Value.Patience, time);
        using var ending = CancellationTokenSource.CreateLinkedTokenSource(cancelled, lifetime.ApplicationStopping, patience.Token);
        try
        {
            while (true)
            {
                // Taken before the look: what is said in between is not missed.
                var next = acks.Next;
                if (isDone()) return;
                await next.WaitAsync(ending.Token);
            }
        }
        catch (OperationCanceledException) when (!cancelled.IsCancellationRequested)
        {
            throw new InferenceFault(FaultKind.DeadlineExceeded, $"{otherwise}; it will be as soon as that is possible.");
        }
    }

    private static async Task<InferenceFault> RefusalOfAsync(HttpResponseMessage answer, CancellationToken cancelled)
    {
        var kind = answer.StatusCode == HttpStatusCode.NotFound ? FaultKind.UnknownModel : FaultKind.NotReady;
        var body = answer.Content.Headers.ContentType?.MediaType == "application/json" ? await answer.Content.ReadFromJsonAsync<ErrorBody>(cancelled) : null;
        return new InferenceFault(kind, body?.Error ?? $"ModelSync answered {(int)answer.StatusCode}.");
    }

    private static InferenceFault Away() => new(FaultKind.NotReady, "ModelSync cannot be reached; what is served stays as it is.");
}
