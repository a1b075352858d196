using System.Collections.Concurrent;
using ModelPlatform.Repository.Naming;
using Spectre.Console;

namespace ModelPlatform.Cli.Publishing;

/// <summary>A bar on a terminal, a line for each finished file otherwise; on the error stream, so that results can be piped.</summary>
internal sealed class UploadProgress
{
    private readonly ConcurrentDictionary<FilePath, long> _sent = new();
    private readonly ProgressTask? _bar;

    private UploadProgress(ProgressTask? bar) => _bar = bar;

    public static Task ShowAsync(PublishPlan plan, Func<UploadProgress, Task> upload)
    {
        if (Console.IsErrorRedirected) return upload(new UploadProgress(bar: null));
        var terminal = AnsiConsole.Create(new AnsiConsoleSettings { Out = new AnsiConsoleOutput(Console.Error) });
        return terminal.Progress()
            .AutoClear(true)
            .Columns(new SpinnerColumn(), new TaskDescriptionColumn(), new ProgressBarColumn(), new DownloadedColumn(), new TransferSpeedColumn())
            .StartAsync(bars => upload(new UploadProgress(bars.AddTask($"{plan.Files.Count} files", maxValue: Math.Max(1, plan.Bytes)))));
    }

    /// <param name="bytes">Of this file so far; less than before after a retry.</param>
    public void Sent(PlannedFile file, long bytes)
    {
        _sent[file.Path] = bytes;
        if (_bar is not null) _bar.Value = _sent.Values.Sum();
    }

    public void Done(PlannedFile file)
    {
        Sent(file, file.Bytes);
        if (_bar is null) Console.Error.WriteLine($"uploaded {file.Path} ({ByteSize.Of(file.Bytes)})");
    }
}
