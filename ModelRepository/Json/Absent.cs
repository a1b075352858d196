namespace ModelPlatform.Repository.Json;

/// <summary>
/// The generated deserializer assigns default(T) to init-only properties whose member is absent, whatever their initializer says.
/// So defaults are constructor parameters where they are constants, and go through here where they are objects.
/// </summary>
internal static class Absent
{
    public static T Or<T>(T? value, T otherwise) where T : class => value ?? otherwise;
}
