package dev.darkroom.e2e.dev;

import dev.darkroom.api.DiskFormatName;
import dev.darkroom.cli.Environment;
import dev.darkroom.cli.Version;
import dev.darkroom.e2e.dev.terminal.Terminal;
import dev.darkroom.source.policy.AddressPolicy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.slf4j.LoggerFactory;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import picocli.CommandLine.TypeConversionException;

/** The program: {@code java -jar darkroom-dev.jar}. */
@Command(
    name = "darkroom-dev",
    header = "Runs all of Darkroom in one process, for trials: no cluster and no installation.",
    description = {
      "",
      "Starts a Kubernetes API server in memory, the operator, a store in a directory and a web"
          + " server with a sample disk; applies samples/quickstart/ or the given manifests;"
          + " shows the imports and their results. kubectl works with it"
          + " while it runs.",
      ""
    },
    synopsisHeading = "Usage: ",
    parameterListHeading = "",
    optionListHeading = "%nOptions:%n",
    footerHeading = "%n",
    footer = {
      "Each option can also be set in the environment: --web-port as DARKROOM_DEV_WEB_PORT.",
      "",
      "The API server keeps its objects in memory and is empty at start. The store's directory is"
          + " emptied at the start of the next run in the same --dir, not at the end of a run, so"
          + " that the files can be inspected. A directory that darkroom-dev did not create is"
          + " never changed.",
      "",
      "Exit codes: 0 all objects are Ready, 1 an object is not Ready, 2 invalid input. Without"
          + " --once it runs until Ctrl-C or SIGTERM.",
      "",
      "Examples:",
      "  darkroom-dev",
      "  darkroom-dev --once my-images/ https://example.org/images.yaml",
      "  darkroom-dev --url https://example.org/debian.qcow2 --checksum sha512:..."
    },
    abbreviateSynopsis = true,
    sortOptions = false,
    usageHelpAutoWidth = true,
    versionProvider = Version.class,
    mixinStandardHelpOptions = true)
public final class DarkroomDev implements Callable<Integer> {

  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "FILE|DIR|URL",
      description =
          "Manifests to apply instead of the quickstart: files, directories or URLs with YAML or"
              + " JSON, any number of objects in each. Of a directory, its .yaml, .yml and .json"
              + " files.")
  private List<String> manifests = List.of();

  @Option(
      names = "--url",
      paramLabel = "URL",
      description = "Create an Image from this URL, named after the file.")
  private Optional<String> url = Optional.empty();

  @Option(
      names = "--checksum",
      paramLabel = "ALGORITHM:HEX",
      description = "With --url: the checksum of the file, for example sha256:9f86d081...")
  private Optional<String> checksum = Optional.empty();

  @Option(
      names = "--format",
      paramLabel = "FORMAT",
      completionCandidates = Formats.class,
      converter = Format.class,
      description =
          "With --url: the disk format of the file; required for raw disks."
              + " One of ${COMPLETION-CANDIDATES}.")
  private Optional<DiskFormatName> format = Optional.empty();

  @Option(names = "--once", description = "Exit when all applied objects are Ready or Stalled.")
  private boolean once;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      defaultValue = "10m",
      converter = Time.class,
      description =
          "With --once: exit after this time at the latest, for example 90s, 1h30m. Default: 10m.")
  private Duration timeout = Duration.ofMinutes(10);

  @Option(
      names = "--dir",
      paramLabel = "DIR",
      description =
          "Working directory for kubeconfig, log, store/, web/ and samples/."
              + " Default: darkroom-dev.")
  private Path directory = Path.of("darkroom-dev");

  @Option(
      names = "--port",
      paramLabel = "PORT",
      description = "Port of the API server on 127.0.0.1; 0 for any. Default: 17443.")
  private int port = 17443;

  @Option(
      names = "--web-port",
      paramLabel = "PORT",
      description =
          "Port of the sample web server on 127.0.0.1; 0 for any. Default: 17480, as in the"
              + " quickstart's manifest; for another port the manifest is changed accordingly.")
  private int webPort = Samples.WEB_PORT;

  @Option(
      names = "--allow-sources",
      paramLabel = "CIDR|HOST",
      split = ",",
      description =
          "Allowed sources besides public addresses and this machine, for example"
              + " 192.168.0.0/16 or mirror.lan.")
  private List<String> allowedSources = List.of();

  private final Terminal terminal;

  private DarkroomDev(Terminal terminal) {
    this.terminal = terminal;
  }

  /** Runs the program and exits with its exit code. */
  public static void main(String[] args) {
    System.exit(run(args));
  }

  private static int run(String[] args) {
    CommandLine program =
        new CommandLine(new DarkroomDev(Terminal.ofThisProcess(System.getenv())))
            .setDefaultValueProvider(new Environment("DARKROOM_DEV", System.getenv()));
    program.setParameterExceptionHandler(
        (exception, arguments) -> {
          complain(program, exception.getMessage() + "\nTry 'darkroom-dev --help'.");
          return CommandLine.ExitCode.USAGE;
        });
    program.setExecutionExceptionHandler(
        (exception, command, result) -> {
          complain(program, String.valueOf(exception.getMessage()));
          if (exception instanceof InputException) {
            return CommandLine.ExitCode.USAGE;
          }
          LoggerFactory.getLogger(DarkroomDev.class).error("darkroom-dev failed", exception);
          return CommandLine.ExitCode.SOFTWARE;
        });
    return program.execute(args);
  }

  private static void complain(CommandLine program, String sentences) {
    sentences.lines().forEach(line -> program.getErr().println("darkroom-dev: " + line));
  }

  @Override
  public Integer call() {
    requirePort("--port", port);
    requirePort("--web-port", webPort);
    if (url.isEmpty() && (checksum.isPresent() || format.isPresent())) {
      throw new ParameterException(spec.commandLine(), "--checksum and --format require --url");
    }
    return new DevRun(
            new DevOptions(
                directory,
                port,
                webPort,
                sources(),
                once
                    ? new DevOptions.Ending.WhenSettled(timeout)
                    : new DevOptions.Ending.WhenTold(),
                manifests,
                url.map(u -> new ImageFromUrl(u, checksum, format))),
            terminal)
        .run();
  }

  private AddressPolicy sources() {
    try {
      return AddressPolicy.defaults().withLoopbackAllowed().withAllowed(allowedSources);
    } catch (IllegalArgumentException e) {
      throw new ParameterException(spec.commandLine(), "--allow-sources: " + e.getMessage(), e);
    }
  }

  private void requirePort(String option, int value) {
    if (value < 0 || value > 65535) {
      throw new ParameterException(
          spec.commandLine(), option + ": " + value + " is not a port from 0 to 65535");
    }
  }

  /** The format names in manifests. */
  private static final class Formats implements Iterable<String> {

    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(DiskFormatName.values()).map(DiskFormatName::apiName).iterator();
    }
  }

  /** Parses the format name of a manifest. */
  private static final class Format implements ITypeConverter<DiskFormatName> {

    @Override
    public DiskFormatName convert(String text) {
      return Arrays.stream(DiskFormatName.values())
          .filter(format -> format.apiName().equals(text))
          .findFirst()
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "'" + text + "' is none of " + String.join(", ", new Formats())));
    }
  }

  /** Parses {@code 90s}, {@code 10m}, {@code 1h30m}. */
  private static final class Time implements ITypeConverter<Duration> {

    @Override
    public Duration convert(String text) {
      try {
        Duration time = Duration.parse("PT" + text);
        if (time.isNegative() || time.isZero()) {
          throw new TypeConversionException("must be greater than 0");
        }
        return time;
      } catch (DateTimeParseException e) {
        throw new TypeConversionException("'" + text + "' is not a time like 90s, 10m or 1h30m");
      }
    }
  }
}
