using System.Diagnostics;
using System.Globalization;
using ModelPlatform.Bench.Models;
using ModelPlatform.Bench.Works;

namespace ModelPlatform.Bench.Peers;

/// <summary>A process with <see cref="RawLoop"/> in it; it ends when its standard input does.</summary>
internal sealed class RawRuntime : IAsyncDisposable
{
    public const string Name = "ONNX Runtime alone";

    private readonly Process _process;

    private RawRuntime(Process process) => _process = process;

    public static async Task<RawRuntime> StartAsync(BenchModel model)
    {
        var start = new ProcessStartInfo(Environment.ProcessPath!) { RedirectStandardInput = true, RedirectStandardOutput = true };
        foreach (var argument in (string[])[RawLoop.Verb, model.Onnx, $"{model.Elements}"]) start.ArgumentList.Add(argument);
        var raw = new RawRuntime(Process.Start(start)!);
        await raw.ReadAsync();
        return raw;
    }

    public async Task<Sample> MeasureAsync(int threads, TimeSpan warmUp, TimeSpan duration)
    {
        await _process.StandardInput.WriteLineAsync(string.Create(CultureInfo.InvariantCulture, $"{threads} {warmUp.TotalSeconds} {duration.TotalSeconds}"));
        var numbers = (await ReadAsync()).Split(' ').Select(number => double.Parse(number, CultureInfo.InvariantCulture)).ToList();
        return new Sample(numbers[0] / numbers[1], numbers[2] / numbers[0], numbers[3], numbers[4]);
    }

    public async ValueTask DisposeAsync()
    {
        _process.StandardInput.Close();
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private async Task<string> ReadAsync() =>
        await _process.StandardOutput.ReadLineAsync() ?? throw new InvalidOperationException("The loop around ONNX Runtime has ended; its reason is above.");
}
