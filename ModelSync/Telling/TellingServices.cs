namespace ModelPlatform.Sync.Telling;

internal static class TellingServices
{
    /// <summary>Before the reconciler: what is added later is stopped earlier, and its last words are to be written.</summary>
    public static void AddTelling(this WebApplicationBuilder builder)
    {
        builder.Services.AddOptionsWithValidateOnStart<HistoryOptions, HistoryOptionsValidator>().BindConfiguration(HistoryOptions.Section);
        builder.Services.AddSingleton<History>();
        builder.Services.AddSingleton<HistoryBlob>();
        builder.Services.AddSingleton<Announcements>();
        builder.Services.AddHostedService<HistoryWriter>();
    }
}
