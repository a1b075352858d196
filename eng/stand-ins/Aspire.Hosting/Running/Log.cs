using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Running;

internal static partial class Log
{
    [LoggerMessage(EventId = 0, Level = LogLevel.Information, Message = "{Text}")]
    public static partial void Say(this ILogger logger, string text);

    [LoggerMessage(EventId = 0, Level = LogLevel.Error, Message = "{Text}")]
    public static partial void Complain(this ILogger logger, string text, Exception? failure = null);
}
