using System.Globalization;
using System.Net;
using System.Text;
using ModelPlatform.Bench.Numbers;

namespace ModelPlatform.Bench.Report;

internal sealed record Bar(string Name, Spread Value, bool IsOurs);

/// <summary>Horizontal bars, ours in another colour, with the spread of the rounds as a line.</summary>
internal sealed record BarChart(string Title, string Unit, IReadOnlyList<Bar> Bars)
{
    private const int Width = 760;
    private const int Left = 280;
    private const int Right = 90;
    private const int Top = 44;
    private const int Row = 26;

    public string ToSvg()
    {
        var most = Bars.Select(bar => bar.Value.Max).Where(double.IsFinite).DefaultIfEmpty(1).Max();
        var svg = new StringBuilder();
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {Width} {Top + Bars.Count * Row + 10}" font-family="sans-serif" font-size="13" role="img">""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<title>{Text(Title)}</title><rect width="100%" height="100%" fill="white"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="10" y="24" font-size="15" font-weight="bold">{Text(Title)}, {Text(Unit)}</text>""");
        for (var i = 0; i < Bars.Count; i++) Draw(svg, Bars[i], Top + i * Row, value => Left + value / most * (Width - Left - Right));
        return svg.AppendLine("</svg>").ToString();
    }

    private static void Draw(StringBuilder svg, Bar bar, int y, Func<double, double> at)
    {
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{Left - 8}" y="{y + 15}" text-anchor="end">{Text(bar.Name)}</text>""");
        if (!double.IsFinite(bar.Value.Median)) return;
        var color = bar.IsOurs ? "#2563eb" : "#9ca3af";
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<rect x="{Left}" y="{y}" width="{at(bar.Value.Median) - Left:0.0}" height="20" fill="{color}"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<path d="M{at(bar.Value.Min):0.0} {y + 10}H{at(bar.Value.Max):0.0}" stroke="#111827"/>""");
        svg.AppendLine(CultureInfo.InvariantCulture, $"""<text x="{at(bar.Value.Max) + 6:0.0}" y="{y + 15}">{Figures.Short(bar.Value.Median)}</text>""");
    }

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
