using System.CommandLine;
using System.Net;
using Aspire.Azure.Storage.Blobs;
using Azure.Core.Pipeline;
using Azure.Storage.Blobs;
using Microsoft.Extensions.Azure;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Cli.Storage;

/// <summary>The container of the models, configured as the services configure it, and whether this is a development machine.</summary>
internal sealed record ModelStorage(BlobContainerClient Container, bool IsDevelopment)
{
    private const string Setting = "ConnectionStrings:models";

    public const string ConnectionOptionName = "--connection";

    public static Option<string?> ConnectionOption() => new(ConnectionOptionName)
    {
        Description = "Where the models are [default: ConnectionStrings__models, else the emulator]",
        HelpName = "connection string",
    };

    public static ModelStorage Open(string? connection)
    {
        var builder = Host.CreateEmptyApplicationBuilder(new HostApplicationBuilderSettings
        {
            ContentRootPath = AppContext.BaseDirectory,
            EnvironmentName = EnvironmentFor(connection),
        });
        builder.Configuration
            .AddJsonFile($"modelctl.{builder.Environment.EnvironmentName}.json", optional: true)
            .AddEnvironmentVariables()
            .AddInMemoryCollection(connection is null ? [] : [new(Setting, connection)]);
        if (string.IsNullOrEmpty(builder.Configuration[Setting]))
            throw new CommandFailure(ExitCode.WrongUsage, "No storage is configured: give --connection or set ConnectionStrings__models (modelctl --help shows both forms).");

        try
        {
            builder.AddAzureBlobContainerClient(RepositoryLayout.ContainerName, WithoutWatching, clients => clients.ConfigureOptions(FailSoon));
            return new ModelStorage(builder.Build().Services.GetRequiredService<BlobContainerClient>(), builder.Environment.IsDevelopment());
        }
        catch (Exception malformed) when (malformed is InvalidOperationException or FormatException or ArgumentException)
        {
            throw new CommandFailure(ExitCode.WrongUsage, $"The connection string of the models is malformed: {malformed.Message}");
        }
    }

    // Whoever configures a storage means that one, and not necessarily a development machine.
    private static string EnvironmentFor(string? connection) =>
        Environment.GetEnvironmentVariable("DOTNET_ENVIRONMENT")
        ?? Environment.GetEnvironmentVariable("ASPNETCORE_ENVIRONMENT")
        ?? ((connection ?? Environment.GetEnvironmentVariable("ConnectionStrings__models")) is null ? Environments.Development : Environments.Production);

    private static void WithoutWatching(AzureBlobStorageContainerSettings settings) => (settings.DisableHealthChecks, settings.DisableTracing) = (true, true);

    // Somebody waits at the terminal. The network timeout holds for a whole block on its way up, so it is not what makes a dead address fail soon.
    private static void FailSoon(BlobClientOptions options)
    {
        options.Retry.MaxRetries = 2;
        options.Retry.Delay = TimeSpan.FromMilliseconds(300);
        options.Retry.NetworkTimeout = TimeSpan.FromSeconds(60);
        options.Transport = new HttpClientTransport(new HttpClient(new SocketsHttpHandler
        {
            ConnectTimeout = TimeSpan.FromSeconds(2),
            AllowAutoRedirect = false,
            UseCookies = false,
            AutomaticDecompression = DecompressionMethods.None,
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        });
    }
}
