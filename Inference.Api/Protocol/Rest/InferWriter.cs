using System.Text.Json;

namespace ModelPlatform.Inference.Protocol.Rest;

/// <summary>Writes the protocol's JSON form of an answer (Open Inference Protocol v2, inference_rest.md).</summary>
internal static class InferWriter
{
    /// <exception cref="InferenceFault">An output cannot be said in JSON.</exception>
    public static void Write(Utf8JsonWriter json, InferAnswer answer)
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
            json.WritePropertyName("data"u8);
            JsonTensors.Write(json, output);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteEndObject();
    }
}
