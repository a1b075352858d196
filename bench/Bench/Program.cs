using System.Globalization;
using ModelPlatform.Bench;
using ModelPlatform.Bench.Peers;

if (args is [RawLoop.Verb, var model, var elements])
{
    RawLoop.Serve(model, int.Parse(elements, CultureInfo.InvariantCulture));
    return 0;
}
return await BenchRun.RunAsync(BenchSettings.Parse(args));
