using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;
using ModelPlatform.Cli.Storage;

namespace ModelPlatform.Cli;

/// <summary>The library's help, and after it what a person and a script need to know besides.</summary>
internal sealed class HelpPage(HelpAction symbols) : SynchronousCommandLineAction
{
    private const string RootExamples = """
          modelctl publish samples/fashion/2 --model fashion     the next version of 'fashion'
          modelctl list                                          what is in the repository, and what is to be served
          modelctl status                                        who serves what, and why not
          modelctl watch                                         rollouts as they go on
          modelctl rollback fashion                              back to the last version known good; "unpin" undoes that
          modelctl unload fashion                                no replica serves it any more; "load" undoes that
          modelctl delete fashion/1                              the blobs of a version that is not wanted
          modelctl event fashion/2                               ModelSync looks at once, as after an event of Event Grid
          modelctl score samples/fashion/images/sneaker.png --model fashion
        """;

    private const string Repository = """
        Storage:
          Where the models are is configured as in the services: --connection, else the environment variable ConnectionStrings__models, e.g.
            Endpoint=https://ACCOUNT.blob.core.windows.net;ContainerName=models         signed in through the environment, "az login", …
            Endpoint="DefaultEndpointsProtocol=…;AccountName=…;…";ContainerName=models    with a key
          Where nothing is configured the environment is Development, and the storage emulator on 127.0.0.1:10000 is used, as started by ./build.sh run.
          Only in Development (DOTNET_ENVIRONMENT) the container is created.
        """;

    private const string ExitCodes = """
        Exit codes:
          0  done
          1  failed: a file, an unknown model, an error of the server
          2  wrong usage
          3  refused: the model is invalid, the version is committed already, or what was to be deleted is wanted
          4  the storage or the server cannot be reached, or does not let us in
          5  status --check: a replica does not serve what it is to serve, or a rollout runs
          130  interrupted; what was not committed can be published again
        """;

    public override int Invoke(ParseResult parseResult)
    {
        var result = symbols.Invoke(parseResult);
        var documented = parseResult.CommandResult.Command as DocumentedCommand;
        var storage = documented is null || documented.Options.Any(option => option.Name == ModelStorage.ConnectionOptionName);
        string?[] sections = [documented?.Notes, $"Examples:\n{documented?.Examples ?? RootExamples}", storage ? Repository : null, ExitCodes];
        parseResult.InvocationConfiguration.Output.WriteLine(string.Join("\n\n", sections.OfType<string>()));
        return result;
    }
}
