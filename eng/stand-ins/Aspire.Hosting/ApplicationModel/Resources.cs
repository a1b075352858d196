namespace Aspire.Hosting.ApplicationModel
{
    public class ProjectResource(string name) : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithServiceDiscovery, IResourceWithWaitSupport;

    public class ExecutableResource(string name, string command, string workingDirectory)
        : Resource(name), IResourceWithEnvironment, IResourceWithArgs, IResourceWithEndpoints, IResourceWithWaitSupport
    {
        public string Command { get; } = command;
        public string WorkingDirectory { get; } = workingDirectory;
    }

    public class ParameterResource : Resource, IValueProvider, IManifestExpressionProvider
    {
        private readonly Func<string?> _value;

        internal ParameterResource(string name, Func<string?> value, bool secret) : base(name) => (_value, Secret) = (value, secret);

        public bool Secret { get; }
        public string ValueExpression => $"{{{Name}.value}}";

        internal bool HasValue => _value() is not null;

        // Nobody can supply a missing value while the application runs: whoever needs it waits until it is stopped.
        public async ValueTask<string?> GetValueAsync(CancellationToken cancellationToken)
        {
            if (_value() is { } value) return value;
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return null;
        }
    }
}

namespace Aspire.Hosting
{
    public sealed class ConnectionStringResource(string name, ApplicationModel.ReferenceExpression connectionStringExpression)
        : ApplicationModel.Resource(name), ApplicationModel.IResourceWithConnectionString, ApplicationModel.IResourceWithWaitSupport
    {
        public ApplicationModel.ReferenceExpression ConnectionStringExpression { get; } = connectionStringExpression;
    }

    public interface IProjectMetadata : ApplicationModel.IResourceAnnotation
    {
        string ProjectPath { get; }
        bool SuppressBuild => false;
    }
}
