using System.Globalization;
using ModelPlatform.Repository.State;
using Spectre.Console;

namespace ModelPlatform.Cli.Telling;

/// <summary>A table that changes on a terminal; into a pipe a line for each change.</summary>
internal abstract class WatchOutput
{
    public static WatchOutput For(bool json) => json ? new Json() : Console.IsOutputRedirected ? new Lines() : new Live();

    /// <param name="watch">Calls what it is given with each look.</param>
    public virtual Task ShowAsync(Func<Action<IReadOnlyList<ModelStatus>>, Task> watch) => watch(Show);

    protected abstract void Show(IReadOnlyList<ModelStatus> models);

    private sealed class Json : WatchOutput
    {
        private IReadOnlyList<ModelStatus> _shown = [];

        protected override void Show(IReadOnlyList<ModelStatus> models)
        {
            foreach (var model in models.Where(model => !model.SaysSameAs(_shown.FirstOrDefault(before => before.Model == model.Model)))) Console.WriteLine(model.ToLine());
            _shown = models;
        }
    }

    private sealed class Lines : WatchOutput
    {
        private IReadOnlyList<WatchedVersion> _shown = [];

        protected override void Show(IReadOnlyList<ModelStatus> models)
        {
            var versions = WatchedVersion.Of(models);
            foreach (var version in versions.Except(_shown))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {version.Model}/{version.Version} {version.Role ?? "-"}, given {version.Given}: {version.Replicas}"));
            foreach (var gone in _shown.ExceptBy(versions.Select(version => (version.Model, version.Version)), version => (version.Model, version.Version)))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{DateTime.UtcNow:HH:mm:ss} {gone.Model}/{gone.Version} gone"));
            _shown = versions;
        }
    }

    private sealed class Live : WatchOutput
    {
        private LiveDisplayContext? _display;

        public override Task ShowAsync(Func<Action<IReadOnlyList<ModelStatus>>, Task> watch) => AnsiConsole.Live(new Text("")).StartAsync(display =>
        {
            _display = display;
            return watch(Show);
        });

        protected override void Show(IReadOnlyList<ModelStatus> models)
        {
            var table = new Table().Border(TableBorder.Rounded).AddColumns("MODEL", "VERSION", "WHAT", "GIVEN", "REPLICAS");
            foreach (var version in WatchedVersion.Of(models))
                table.AddRow(new Text(version.Model.ToString()), new Text(version.Version.ToString()), new Text(version.Role ?? "-"), new Text(version.Given.ToString(CultureInfo.InvariantCulture)), new Text(version.Replicas));
            _display!.UpdateTarget(table);
        }
    }
}
