using System.Text.Json;
using System.Text.Json.Serialization;

namespace ModelPlatform.Repository.Json;

/// <summary>An enumeration as its camel-case name; numbers are refused.</summary>
public sealed class CamelCaseEnumConverter<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false) where T : struct, Enum;
