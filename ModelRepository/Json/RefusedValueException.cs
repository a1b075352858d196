using System.Text.Json;

namespace ModelPlatform.Repository.Json;

/// <summary>Thrown by our converters: the serializer adds the path, and the message is one for the author of the document.</summary>
internal sealed class RefusedValueException(string reason) : JsonException(reason);
