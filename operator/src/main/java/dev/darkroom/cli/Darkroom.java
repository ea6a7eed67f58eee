package dev.darkroom.cli;

import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program: {@code java -jar darkroom.jar COMMAND}. */
@Command(
    name = "darkroom",
    description = "Disk images as Kubernetes resources.",
    subcommands = {OperatorCommand.class, CatalogCommand.class, CommandLine.HelpCommand.class},
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Each option can be set in the environment too: --transfer-slots as"
          + " DARKROOM_TRANSFER_SLOTS."
    })
public final class Darkroom implements Runnable {

  @Spec private CommandSpec spec;

  private Darkroom() {}

  /** Runs a command and exits: 0 after success, 1 after a failure, 2 for wrong arguments. */
  public static void main(String[] args) {
    System.exit(program(System.getenv()).execute(args));
  }

  /** The program in an environment. */
  static CommandLine program(Map<String, String> environment) {
    return new CommandLine(new Darkroom())
        .setDefaultValueProvider(new Environment("DARKROOM", environment))
        .setCaseInsensitiveEnumValuesAllowed(true)
        .setParameterExceptionHandler((exception, arguments) -> onUsageError(exception))
        .setExecutionExceptionHandler(
            (exception, command, result) -> {
              command.getErr().println("darkroom: " + CommandErrors.sentence(exception));
              return CommandLine.ExitCode.SOFTWARE;
            });
  }

  /** Runs without a command: shows the usage and fails. */
  @Override
  public void run() {
    CommandLine program = spec.commandLine();
    program.usage(program.getErr());
    throw new ParameterException(program, "A command is missing.");
  }

  private static int onUsageError(ParameterException exception) {
    CommandLine command = exception.getCommandLine();
    String name = command.getCommandSpec().qualifiedName();
    command.getErr().println("darkroom: " + exception.getMessage());
    UnmatchedArgumentException.printSuggestions(exception, command.getErr());
    command.getErr().println("Try '" + name + " --help'.");
    return CommandLine.ExitCode.USAGE;
  }
}
