using System.Diagnostics;
using System.Globalization;
using Microsoft.ML.OnnxRuntime;
using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Peers;

/// <summary>
/// The limit: nothing but Run on a tensor that lies ready, with the settings of our server. It runs in a process of its own, told over its standard
/// input: "threads, seconds of warm-up, seconds".
/// </summary>
internal static class RawLoop
{
    public const string Verb = "raw";

    /// <param name="model">An ONNX file whose input takes one row of so many elements.</param>
    public static void Serve(string model, int elements)
    {
        using var options = new SessionOptions { IntraOpNumThreads = 1, InterOpNumThreads = 1 };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");
        using var session = new InferenceSession(model, options);
        var values = new float[elements];
        var random = new Random(0);
        foreach (ref var value in values.AsSpan()) value = random.NextSingle();
        Console.WriteLine("loaded");

        while (Console.ReadLine()?.Split(' ') is [var threads, var warmUp, var seconds])
        {
            Measure(session, values, int.Parse(threads, CultureInfo.InvariantCulture), Seconds(warmUp));
            Console.WriteLine(Measure(session, values, int.Parse(threads, CultureInfo.InvariantCulture), Seconds(seconds)));
        }
    }

    private static TimeSpan Seconds(string text) => TimeSpan.FromSeconds(double.Parse(text, CultureInfo.InvariantCulture));

    private static string Measure(InferenceSession session, float[] values, int count, TimeSpan duration)
    {
        var started = Stopwatch.GetTimestamp();
        var cpu = Environment.CpuUsage.TotalTime;
        var each = Enumerable.Range(0, count).Select(_ => new Latencies()).ToList();
        var threads = each.Select(latencies => new Thread(() => RunUntil(session, values, started, duration, latencies))).ToList();
        foreach (var thread in threads) thread.Start();
        foreach (var thread in threads) thread.Join();

        var all = new Latencies();
        foreach (var latencies in each) all.Add(latencies);
        var elapsed = Stopwatch.GetElapsedTime(started).TotalSeconds;
        return string.Create(CultureInfo.InvariantCulture,
            $"{all.Count} {elapsed:0.000000} {(Environment.CpuUsage.TotalTime - cpu).TotalMilliseconds:0.000} {all.Milliseconds(0.5):0.0000} {all.Milliseconds(0.99):0.0000}");
    }

    private static void RunUntil(InferenceSession session, float[] values, long started, TimeSpan duration, Latencies latencies)
    {
        var input = session.InputMetadata[session.InputNames[0]];
        long[] shape = [1, .. input.Dimensions.Skip(1).Select(size => (long)size)];
        using var tensor = OrtValue.CreateTensorValueFromMemory(values, shape);
        using var options = new RunOptions();
        while (Stopwatch.GetElapsedTime(started) < duration)
        {
            var begun = Stopwatch.GetTimestamp();
            using (session.Run(options, session.InputNames, [tensor], session.OutputNames)) { }
            latencies.Add(Stopwatch.GetElapsedTime(begun));
        }
    }
}
