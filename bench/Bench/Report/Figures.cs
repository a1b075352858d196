using System.Globalization;
using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Report;

/// <summary>Numbers with as many digits as they deserve.</summary>
internal static class Figures
{
    public static string Short(double value) => !double.IsFinite(value) ? "–" : value.ToString(
        Math.Abs(value) switch { >= 1000 => "#,0", >= 100 => "0", >= 10 => "0.0", >= 0.1 or 0 => "0.00", _ => "0.000" }, CultureInfo.InvariantCulture);

    public static string WithSpread(Spread spread) => $"{Short(spread.Median)} ({Short(spread.Min)}–{Short(spread.Max)})";
}
