using System.Globalization;
using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Report;

/// <summary>One budget and what was measured.</summary>
/// <param name="Against">What the work is compared with.</param>
/// <param name="Budget">Null where none is set.</param>
/// <param name="Unit">× for a ratio, else ms, s, …</param>
/// <param name="Values">Of each round; none where it could not be measured.</param>
/// <param name="Remark">The numbers behind it, or why there are none.</param>
internal sealed record Finding(string Work, string Against, Budget? Budget, string Unit, IReadOnlyList<double> Values, string Remark)
{
    public Spread Spread { get; } = Spread.Of(Values);

    public bool IsMeasured => double.IsFinite(Spread.Median);

    public bool IsMet => IsMeasured && Budget?.Admits(Spread.Median) == true;

    public string Measured => Values.Count > 1 ? $"{Figures.WithSpread(Spread)} {Unit}" : $"{Figures.Short(Spread.Median)} {Unit}";

    public string Verdict => (IsMeasured, Budget, IsMet) switch
    {
        (false, _, _) => "not measured",
        (_, null, _) => "",
        (_, _, true) => "met",
        (_, { } budget, _) => string.Create(CultureInfo.InvariantCulture, $"missed by {100 * Math.Abs(Spread.Median / budget.Limit - 1):0.#} %"),
    };

    public string Limit => Budget is { } budget ? $"{(budget.AtLeast ? "≥" : "≤")} {Figures.Short(budget.Limit)} {Unit}" : "";
}

internal readonly record struct Budget(double Limit, bool AtLeast)
{
    public static Budget Least(double limit) => new(limit, true);

    public static Budget Most(double limit) => new(limit, false);

    public bool Admits(double value) => AtLeast ? value >= Limit : value <= Limit;
}
