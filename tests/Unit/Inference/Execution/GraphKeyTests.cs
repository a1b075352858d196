using System.Runtime.InteropServices;
using ModelPlatform.Inference.Execution;

namespace ModelPlatform.Tests.Unit.Inference.Execution;

public sealed class GraphKeyTests
{
    private const string Told = """
        processor	: 0
        model name	: AMD EPYC 9B45
        cpu MHz		: 2600.000
        flags		: fpu sse2 avx2 avx512f

        processor	: 1
        model name	: AMD EPYC 9B45
        cpu MHz		: 3100.500
        flags		: fpu sse2 avx2 avx512f
        """;

    [Fact]
    public void Machines_that_compute_alike_share_it_whatever_their_number_and_clock_of_processors() =>
        Assert.Equal(Key(Told), Key(Told.Split("\n\n")[0].Replace("2600", "1900", StringComparison.Ordinal)));

    [Theory]
    [InlineData("1.30.0", Architecture.X64, Told)]
    [InlineData("1.29.0", Architecture.Arm64, Told)]
    [InlineData("1.29.0", Architecture.X64, "model name : AMD EPYC 9B45\nflags : fpu sse2 avx2")]
    public void Another_runtime_or_processor_has_another(string runtime, Architecture architecture, string told) =>
        Assert.NotEqual(Key(Told), GraphKey.Of(runtime, architecture, ProcessorFeatures.Of(told.Split('\n'))));

    [Fact]
    public void Where_the_processor_is_not_told_there_is_none() => Assert.Null(Key("processor : 0\nbogomips : 100"));

    [Fact]
    public void This_machine_has_one() => Assert.Equal(OperatingSystem.IsLinux(), GraphKey.OfThisMachine() is not null);

    private static string? Key(string told) => GraphKey.Of("1.29.0", Architecture.X64, ProcessorFeatures.Of(told.Split('\n')));
}
