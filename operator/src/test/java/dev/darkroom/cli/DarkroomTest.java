package dev.darkroom.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

@Timeout(90)
class DarkroomTest {

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  @TempDir private Path directory;

  @Test
  void theHelpNamesTheCommandsAndTheEnvironment() {
    assertThat(run("--help")).isZero();

    assertThat(out.toString())
        .contains("Usage: darkroom", "operator", "help", "--version", "DARKROOM_TRANSFER_SLOTS");
    assertThat(err.toString()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"operator --help", "help operator"})
  void theHelpOfTheOperatorHasEachOption(String arguments) {
    assertThat(run(arguments.split(" ", -1))).isZero();

    assertThat(out.toString().replaceAll("\\s+", " "))
        .contains(
            "Usage: darkroom operator",
            "--kubeconfig=FILE",
            "--namespaces=NAMESPACE",
            "--transfer-slots=N",
            "--progress-interval=DURATION",
            "--probe-interval=DURATION",
            "--delete-timeout=DURATION",
            "--shutdown-timeout=DURATION",
            "--health-port=PORT",
            "--leader-election=AUTO|ON|OFF",
            "--lease-duration=DURATION",
            "--allow-sources=CIDR|HOST",
            "--deny-sources=CIDR",
            "--source-ports=PORT[-PORT]",
            "--log-format",
            "TEXT, JSON",
            "--log-level",
            "ERROR, WARN, INFO, DEBUG, TRACE",
            "--help");
  }

  @Test
  void everyOptionOfEveryCommandHasADescription() {
    for (CommandLine command : program(Map.of()).getSubcommands().values()) {
      assertThat(command.getCommandSpec().usageMessage().description()).isNotEmpty();
      assertThat(command.getCommandSpec().options())
          .isNotEmpty()
          .allSatisfy(
              option -> assertThat(option.description()).as(option.longestName()).isNotEmpty());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"--version", "operator --version"})
  void theVersionIsOneLine(String arguments) {
    assertThat(run(arguments.split(" ", -1))).isZero();

    assertThat(out.toString()).matches("darkroom \\S+, Java \\S+\\R");
  }

  @Test
  void withoutACommandTheUsageIsShownAndTheExitCodeIs2() {
    assertThat(run()).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString())
        .contains("Usage: darkroom", "operator", "darkroom: A command is missing.");
  }

  @ParameterizedTest
  @CsvSource({
    "operator --nope, Unknown option: '--nope', darkroom operator --help",
    "--nope, Unknown option: '--nope', darkroom --help",
    "oprator, Unmatched argument at index 0: 'oprator', darkroom --help",
    "operator --transfer-slots, Missing required parameter, darkroom operator --help",
    "operator --transfer-slots=many, 'many' is not an int, darkroom operator --help",
    "operator --transfer-slots=0, --transfer-slots must be at least 1, darkroom operator --help",
    "operator --health-port=65536, --health-port must be a port, darkroom operator --help",
    "operator --health-port=-1, --health-port must be a port, darkroom operator --help",
    "operator --probe-interval=5s, '--probe-interval', darkroom operator --help",
    "operator --probe-interval=PT0S, --probe-interval must be more, darkroom operator --help",
    "operator --progress-interval=PT0S, --progress-interval must be, darkroom operator --help",
    "operator --delete-timeout=-PT1S, --delete-timeout must not, darkroom operator --help",
    "operator --shutdown-timeout=-PT1S, --shutdown-timeout must not, darkroom operator --help",
    "operator --allow-sources=10.0.0.0/99, '--allow-sources: ', darkroom operator --help",
    "operator --deny-sources=nodes, '--deny-sources: ', darkroom operator --help",
    "operator --source-ports=99999, '--source-ports: ', darkroom operator --help",
    "operator --lease-duration=PT1S, --lease-duration must be, darkroom operator --help",
    "operator --leader-election=MAYBE, 'MAYBE', darkroom operator --help",
    "operator --log-level=LOUD, 'LOUD', darkroom operator --help",
    "operator --log-format=XML, 'XML', darkroom operator --help",
  })
  void wrongArgumentsCauseOneSentenceAndAPointerToTheHelp(
      String arguments, String sentence, String help) {
    assertThat(run(arguments.split(" ", -1))).isEqualTo(CommandLine.ExitCode.USAGE);

    assertThat(err.toString()).startsWith("darkroom: ").contains(sentence, "Try '" + help + "'.");
    assertThat(err.toString().lines()).as("lines of the error").hasSizeLessThanOrEqualTo(3);
    assertThat(out.toString()).isEmpty();
  }

  @Test
  void anEnvironmentVariableSetsAnOption() {
    assertThat(run(Map.of("DARKROOM_TRANSFER_SLOTS", "0"), "operator"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--transfer-slots must be at least 1");
  }

  @Test
  void anOptionPrecedesItsVariable() {
    assertThat(
            run(
                Map.of("DARKROOM_TRANSFER_SLOTS", "0"),
                "operator",
                "--transfer-slots=2",
                "--health-port=-1"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--health-port").doesNotContain("--transfer-slots");
  }

  @Test
  void variablesDoNotSetVersionAndHelp() {
    Map<String, String> environment = Map.of("DARKROOM_VERSION", "1.2", "DARKROOM_HELP", "yes");

    assertThat(run(environment, "operator", "--transfer-slots=0"))
        .isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(err.toString()).contains("--transfer-slots must be at least 1");
  }

  @Test
  void theProcessReadsItsEnvironmentAndExitsWithTheCode() throws Exception {
    ProcessRun run =
        ProcessRun.of(Darkroom.class, Map.of("DARKROOM_TRANSFER_SLOTS", "0"), "operator");

    assertThat(run.code()).isEqualTo(CommandLine.ExitCode.USAGE);
    assertThat(run.err()).contains("darkroom: --transfer-slots must be at least 1");
    assertThat(run.out()).isEmpty();
  }

  @Test
  void anApiServerWithoutAnAnswerEndsTheOperatorWithOneSentence() throws Exception {
    ProcessRun run =
        ProcessRun.of(
            Darkroom.class,
            Map.of(),
            "operator",
            "--health-port=0",
            "--kubeconfig=" + kubeconfig("https://127.0.0.1:1"));

    assertThat(run.code()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
    assertThat(run.err().lines())
        .containsExactly(
            "darkroom: No answer from the API server https://127.0.0.1:1/: the connection was"
                + " refused.");
  }

  @Test
  void aHealthPortInUseIsNamed() throws Exception {
    try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getByName("0.0.0.0"))) {
      ProcessRun run =
          ProcessRun.of(
              Darkroom.class,
              Map.of(),
              "operator",
              "--health-port=" + taken.getLocalPort(),
              "--kubeconfig=" + kubeconfig("https://127.0.0.1:1"));

      assertThat(run.code()).isEqualTo(CommandLine.ExitCode.SOFTWARE);
      assertThat(run.err().lines())
          .containsExactly(
              "darkroom: The health port "
                  + taken.getLocalPort()
                  + " can't be opened: Address already in use.");
    }
  }

  private Path kubeconfig(String url) throws IOException {
    return Files.writeString(directory.resolve("kubeconfig"), Kubeconfigs.of(url));
  }

  private int run(String... arguments) {
    return run(Map.of(), arguments);
  }

  private int run(Map<String, String> environment, String... arguments) {
    return program(environment).execute(arguments);
  }

  private CommandLine program(Map<String, String> environment) {
    return Darkroom.program(environment)
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true));
  }
}
