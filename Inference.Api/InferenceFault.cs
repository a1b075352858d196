using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference;

/// <summary>Every way in which a request can fail that is not our own mistake.</summary>
internal enum FaultKind
{
    InvalidInput,
    UnknownModel,
    Unauthenticated,
    TooLarge,
    UnsupportedMedia,

    /// <summary>This client, and not all of them together, asks too much.</summary>
    OverRate,

    Overloaded,
    NotReady,
    DeadlineExceeded,

    /// <summary>What the model makes of these inputs is NaN or an infinity, which the form that was asked for cannot say.</summary>
    NoNumber,

    /// <summary>The protocol has it, and the platform does it in another way.</summary>
    NotAllowed,

    Internal,
}

/// <summary>A request that cannot be answered, with a reason for its sender: no paths, no stack traces.</summary>
internal sealed class InferenceFault(FaultKind kind, string reason) : Exception(reason)
{
    public FaultKind Kind { get; } = kind;

    /// <param name="reason">Half a sentence, said of the input.</param>
    public static InferenceFault OfInput(string name, string reason) => new(FaultKind.InvalidInput, $"Input '{Quoted.Of(name)}': {reason}.");
}
