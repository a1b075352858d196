using Google.Protobuf;
using Grpc.AspNetCore.Server.Model;
using Grpc.Core;
using ModelPlatform.Inference.Tensors;

namespace ModelPlatform.Inference.Protocol.Grpc;

/// <summary>Stands for a service whose messages are looked at before they are parsed: the library itself has no place for that.</summary>
internal sealed class Guarded<TCalls>;

/// <summary>
/// Binds the generated methods of a service, each with a guard before its parser. What is no message of its kind is the sender's mistake, which the library
/// would take for the server's.
/// </summary>
/// <param name="mostBytes">Of the packed elements of a message, once they are unpacked.</param>
internal sealed class GuardedMethods<TCalls>(TCalls calls, Action<ServiceBinderBase, TCalls> bind, long mostBytes) : IServiceMethodProvider<Guarded<TCalls>>
{
    public void OnServiceMethodDiscovery(ServiceMethodProviderContext<Guarded<TCalls>> context) => bind(new Binder(context, mostBytes), calls);

    private sealed class Binder(ServiceMethodProviderContext<Guarded<TCalls>> context, long mostBytes) : ServiceBinderBase
    {
        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, UnaryServerMethod<TRequest, TResponse>? handler) =>
            context.AddUnaryMethod(WithGuard(method), MetadataOf(method), (_, request, call) => handler!(request, call));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, ServerStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddServerStreamingMethod(WithGuard(method), MetadataOf(method), (_, request, answers, call) => handler!(request, answers, call));

        public override void AddMethod<TRequest, TResponse>(Method<TRequest, TResponse> method, DuplexStreamingServerMethod<TRequest, TResponse>? handler) =>
            context.AddDuplexStreamingMethod(WithGuard(method), MetadataOf(method), (_, requests, answers, call) => handler!(requests, answers, call));

        // As the library does for services that it binds itself.
        private static List<object> MetadataOf(IMethod method) => [.. typeof(TCalls).GetMethod(method.Name)!.GetCustomAttributes(inherit: true), new HttpMethodMetadata([HttpMethods.Post])];

        private Method<TRequest, TResponse> WithGuard<TRequest, TResponse>(Method<TRequest, TResponse> method)
        {
            var parse = method.RequestMarshaller.ContextualDeserializer;
            return new(method.Type, method.ServiceName, method.Name, Marshallers.Create(method.RequestMarshaller.ContextualSerializer, Parse), method.ResponseMarshaller);

            TRequest Parse(DeserializationContext message)
            {
                switch (MessageFields.SizeOf(message.PayloadAsReadOnlySequence(), mostBytes))
                {
                    case MessageSize.TooManyFields: throw Malformed($"The message has more than {MessageFields.Most} fields, or {TextElements.Most} elements that stand by themselves.");
                    case MessageSize.TooLarge: throw new RpcException(new Status(StatusCode.ResourceExhausted, $"The message's elements have more than {mostBytes} bytes once they are unpacked."));
                }
                try { return parse(message); }
                catch (InvalidProtocolBufferException) { throw Malformed($"The message is no {typeof(TRequest).Name}."); }
            }
        }

        private static RpcException Malformed(string reason) => new(new Status(StatusCode.InvalidArgument, reason));
    }
}
