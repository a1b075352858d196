using ModelPlatform.Cli;

return await CommandLine.RunAsync(args);
