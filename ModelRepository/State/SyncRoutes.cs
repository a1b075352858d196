using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Repository.State;

/// <summary>The addresses at which ModelSync answers replicas and operators.</summary>
public static class SyncRoutes
{
    public const string State = "/v1/state";

    /// <summary>Server-sent events: <c>event: state</c> with the generation as id and the document, or a <see cref="WatchPointer"/>, as data.</summary>
    public const string Watch = "/v1/state/watch";

    public const string Replicas = "/v1/replicas";

    /// <summary>Every model with its versions, wishes and replicas. Under it operators' wishes for one model: <c>POST …/{model}/load</c>, <c>…/{model}/pin</c> and so on.</summary>
    public const string Models = "/v1/models";

    /// <summary>What the last pass over the repository could not use, and why.</summary>
    public const string Problems = "/v1/problems";

    /// <summary>The rollouts that run.</summary>
    public const string Rollouts = "/v1/rollouts";

    /// <summary>What happened, newest first: <c>?model=</c> for one model, <c>?limit=</c> for how much.</summary>
    public const string History = "/v1/history";

    /// <summary>Where Event Grid, or whoever plays it, tells of changed blobs.</summary>
    public const string Events = "/events/blob";

    public const string StateEvent = "state";

    public static string LoadOf(ModelName model) => $"{Models}/{model}/load";

    public static string UnloadOf(ModelName model) => $"{Models}/{model}/unload";

    public static string WishOf(ModelName model, string verb) => $"{Models}/{model}/{verb}";

    public static string AcksOf(string replica) => $"{Replicas}/{Uri.EscapeDataString(replica)}/acks";

    public static string LeaveOf(string replica) => $"{Replicas}/{Uri.EscapeDataString(replica)}/leave";
}
