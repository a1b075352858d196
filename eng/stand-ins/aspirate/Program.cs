using Aspirate;

try
{
    if (args is not ["generate", ..]) throw new GenerateException("This stand-in for aspirate knows 'generate' only.");
    Generation.Run(GenerateOptions.Parse(args[1..]));
    return 0;
}
catch (GenerateException failure)
{
    Console.WriteLine(failure.Message);
    return failure.ExitCode;
}
