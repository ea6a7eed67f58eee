package dev.darkroom.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The program: {@code java -jar darkroom.jar COMMAND}. */
@Command(
    name = "darkroom",
    description = "Disk images as Kubernetes resources.",
    subcommands = {OperatorCommand.class, CommandLine.HelpCommand.class},
    versionProvider = Version.class,
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    footer = {
      "",
      "Each option can be given in the environment too: --transfer-slots as"
          + " DARKROOM_TRANSFER_SLOTS."
    })
public final class Darkroom {

  private Darkroom() {}

  /** Runs a command and exits: 0 when it went well, 1 when not, 2 when it was called wrongly. */
  public static void main(String[] args) {
    CommandLine program = new CommandLine(new Darkroom());
    program.setDefaultValueProvider(new Environment("DARKROOM", System.getenv()));
    program.setExecutionExceptionHandler(
        (exception, command, result) -> {
          command.getErr().println("darkroom: " + Trouble.sentence(exception));
          return CommandLine.ExitCode.SOFTWARE;
        });
    System.exit(program.execute(args));
  }
}
