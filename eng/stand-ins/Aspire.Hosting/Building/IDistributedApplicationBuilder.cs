using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Aspire.Hosting.ApplicationModel
{
    public interface IResourceCollection : IList<IResource>;

    public interface IResourceBuilder<out T> where T : IResource
    {
        IDistributedApplicationBuilder ApplicationBuilder { get; }
        T Resource { get; }
    }
}

namespace Aspire.Hosting
{
    public enum DistributedApplicationOperation { Run, Publish }

    public sealed class DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
    {
        public DistributedApplicationOperation Operation { get; } = operation;
        public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;
        public bool IsRunMode => Operation == DistributedApplicationOperation.Run;
    }

    public sealed class DistributedApplicationException(string message) : Exception(message);

    public interface IDistributedApplicationBuilder
    {
        ConfigurationManager Configuration { get; }
        string AppHostDirectory { get; }
        IHostEnvironment Environment { get; }
        DistributedApplicationExecutionContext ExecutionContext { get; }
        IResourceCollection Resources { get; }

        IResourceBuilder<T> AddResource<T>(T resource) where T : IResource;

        DistributedApplication Build();
    }
}
