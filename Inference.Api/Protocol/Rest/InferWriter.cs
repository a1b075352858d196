using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Writes an answer (Open Inference Protocol v2, inference_rest.md; binary tensor data extension).</summary>
internal static class InferWriter
{
    public static async Task WriteAsync(HttpResponse response, InferAnswer answer, OutputForms forms, CancellationToken cancelled)
    {
        // Written whole before the first byte goes out: an output that JSON cannot say must still become an error.
        var buffer = new ArrayBufferWriter<byte>();
        await using (var json = new Utf8JsonWriter(buffer)) Write(json, answer, forms);

        var binary = answer.Outputs.Where(output => forms.IsBinary(output.Name)).ToList();
        response.ContentType = binary.Count == 0 ? "application/json" : "application/octet-stream";
        response.ContentLength = buffer.WrittenCount + binary.Sum(output => (long)output.Data.Length);
        if (binary.Count > 0) response.Headers[InferBody.JsonLengthHeader] = buffer.WrittenCount.ToString(CultureInfo.InvariantCulture);
        await response.BodyWriter.WriteAsync(buffer.WrittenMemory, cancelled);
        foreach (var output in binary) await response.BodyWriter.WriteAsync(output.Data, cancelled);
    }

    /// <summary>The JSON alone.</summary>
    /// <exception cref="InferenceFault">An output cannot be said in JSON.</exception>
    public static void Write(Utf8JsonWriter json, InferAnswer answer, OutputForms forms)
    {
        json.WriteStartObject();
        json.WriteString("model_name"u8, answer.Model.Name.ToString());
        json.WriteString("model_version"u8, answer.Model.Version.ToString());
        if (answer.Id is not null) json.WriteString("id"u8, answer.Id);
        json.WriteStartArray("outputs"u8);
        foreach (var output in answer.Outputs)
        {
            json.WriteStartObject();
            json.WriteString("name"u8, output.Name);
            json.WriteString("datatype"u8, output.Datatype.Name);
            json.WriteStartArray("shape"u8);
            foreach (var dimension in output.Shape) json.WriteNumberValue(dimension);
            json.WriteEndArray();
            if (forms.IsBinary(output.Name))
            {
                json.WriteStartObject("parameters"u8);
                json.WriteNumber("binary_data_size"u8, output.Data.Length);
                json.WriteEndObject();
            }
            else
            {
                json.WritePropertyName("data"u8);
                JsonTensors.Write(json, output);
            }
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
