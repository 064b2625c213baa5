using Ensemble.Cli;

using CliContext context = CliContext.ForProcess();
return await EnsembleTool.RunAsync(args, context);
