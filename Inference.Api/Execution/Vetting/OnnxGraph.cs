using System.Text;
using ModelPlatform.Repository.Naming;

namespace ModelPlatform.Inference.Execution.Vetting;

/// <summary>
/// Vets the bytes of a ModelProto (field numbers of onnx.proto3): operators of known domains only, external data inside the version's own folder,
/// no addresses of memory, no endless nesting.
/// </summary>
internal sealed class OnnxGraph
{
    private const int MaxDepth = 64;
    private const string MemoryMarker = "_ORT_MEM_ADDR_";

    private readonly HashSet<string> _domains = ["", "ai.onnx", "ai.onnx.ml", "com.microsoft"];
    private readonly Dictionary<string, string> _makers = [];
    private readonly IReadOnlySet<FilePath> _files;
    private string? _firstOutput;
    private bool _hasExternalData;

    private OnnxGraph(IReadOnlySet<FilePath> files, IEnumerable<string> domains)
    {
        _files = files;
        _domains.UnionWith(domains);
    }

    public static OnnxSummary Vet(ReadOnlySpan<byte> model, IReadOnlySet<FilePath> files, IEnumerable<string> domains)
    {
        var graph = new OnnxGraph(files, domains);
        graph.AllowLocalFunctions(model);
        return graph.Model(model)
            ? new OnnxSummary(graph._firstOutput is { } output && graph._makers.GetValueOrDefault(output) is "Softmax", graph._hasExternalData)
            : throw new UnfitModelException("The model file holds no graph.");
    }

    private void AllowLocalFunctions(ReadOnlySpan<byte> model)
    {
        for (var fields = new ProtobufFields(model); fields.Next(out var field);)
        {
            if (field.Number != 25) continue;
            for (var function = new ProtobufFields(field.Content); function.Next(out var part);)
            {
                if (part.Number == 10) _domains.Add(Text(part.Content));
            }
        }
    }

    private bool Model(ReadOnlySpan<byte> model)
    {
        var found = false;
        for (var fields = new ProtobufFields(model); fields.Next(out var field);)
        {
            if (field.Number == 7) { Graph(field.Content, 0); found = true; }
            else if (field.Number == 25) Function(field.Content);
        }
        return found;
    }

    private void Function(ReadOnlySpan<byte> function)
    {
        for (var fields = new ProtobufFields(function); fields.Next(out var field);)
        {
            if (field.Number == 7) Node(field.Content, 1);
            else if (field.Number == 11) Attribute(field.Content, 1);
        }
    }

    private void Graph(ReadOnlySpan<byte> graph, int depth)
    {
        if (depth > MaxDepth) throw new UnfitModelException($"The graph is nested more than {MaxDepth} deep.");
        for (var fields = new ProtobufFields(graph); fields.Next(out var field);)
        {
            switch (field.Number)
            {
                case 1: Node(field.Content, depth); break;
                case 5: Weights(field.Content); break;
                case 12 when depth == 0: _firstOutput ??= First(field.Content, 1); break;
                case 15: Sparse(field.Content); break;
            }
        }
    }

    private void Node(ReadOnlySpan<byte> node, int depth)
    {
        var (operation, domain) = ("", "");
        var outputs = new List<string>();
        for (var fields = new ProtobufFields(node); fields.Next(out var field);)
        {
            switch (field.Number)
            {
                case 2: outputs.Add(Text(field.Content)); break;
                case 4: operation = Text(field.Content); break;
                case 5: Attribute(field.Content, depth + 1); break;
                case 7 when field.IsDelimited: domain = Text(field.Content); break;
            }
        }
        if (!_domains.Contains(domain)) throw new UnfitModelException($"Operator '{Quoted.Of(operation)}' is of the domain '{Quoted.Of(domain)}', which is not served.");
        if (depth > 0) return;
        foreach (var output in outputs) _makers[output] = operation;
    }

    private void Attribute(ReadOnlySpan<byte> attribute, int depth)
    {
        for (var fields = new ProtobufFields(attribute); fields.Next(out var field);)
        {
            switch (field.Number)
            {
                case 5 or 10: Weights(field.Content); break;
                case 6 or 11: Graph(field.Content, depth + 1); break;
                case 22 or 23: Sparse(field.Content); break;
            }
        }
    }

    private void Sparse(ReadOnlySpan<byte> tensor)
    {
        for (var fields = new ProtobufFields(tensor); fields.Next(out var field);)
        {
            if (field.Number is 1 or 2) Weights(field.Content);
        }
    }

    private void Weights(ReadOnlySpan<byte> tensor)
    {
        for (var fields = new ProtobufFields(tensor); fields.Next(out var field);)
        {
            if (field.Number == 13) ExternalData(field.Content);
        }
    }

    // Of several keys or values the runtime takes the last, and others the first: such an entry is meant to be read in two ways.
    private void ExternalData(ReadOnlySpan<byte> entry)
    {
        var (keys, values) = (0, 0);
        var (key, value) = ("", "");
        for (var fields = new ProtobufFields(entry); fields.Next(out var field);)
        {
            switch (field.Number)
            {
                case 1: key = Text(field.Content); keys++; break;
                case 2: value = Text(field.Content); values++; break;
            }
        }
        if (keys > 1 || values > 1) throw new UnfitModelException("The model refers to external data with several keys or values in one entry.");
        if (key == "location") ExternalData(value);
    }

    private void ExternalData(string location)
    {
        _hasExternalData = true;
        if (location.Contains(MemoryMarker, StringComparison.Ordinal)) throw new UnfitModelException("The model refers to an address in memory.");
        if (!FilePath.TryParse(location, out var file) || !_files.Contains(file))
            throw new UnfitModelException($"The model refers to external data '{Quoted.Of(location)}', which is no file of this version.");
    }

    private static string? First(ReadOnlySpan<byte> message, int number)
    {
        for (var fields = new ProtobufFields(message); fields.Next(out var field);)
        {
            if (field.Number == number) return Text(field.Content);
        }
        return null;
    }

    private static string Text(ReadOnlySpan<byte> content) => Encoding.UTF8.GetString(content);
}
