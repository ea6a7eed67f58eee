package dev.darkroom.cli;

import dev.darkroom.controller.support.OperatorSettings;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for the capacity of the operator: slots, bandwidth, staging, scrubs. */
final class CapacityOptions {

  private static final OperatorSettings DEFAULTS = OperatorSettings.defaults();
  private static final long MEBIBYTE = 1L << 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--transfer-slots",
      paramLabel = "N",
      description = "Number of transfers that run at once. Default: 4.")
  private int transferSlots = DEFAULTS.transferSlots();

  @Option(
      names = "--transfer-slots-per-store",
      paramLabel = "N",
      description =
          "Number of transfers that write to one store at once; 0 for no limit. Default: 0.")
  private int slotsPerStore;

  @Option(
      names = "--transfer-slots-per-namespace",
      paramLabel = "N",
      description =
          "Number of transfers of one namespace that run at once; 0 for no limit. Default: 0.")
  private int slotsPerNamespace;

  @Option(
      names = "--bandwidth",
      paramLabel = "MIB",
      description =
          "MiB/s that all transfers together read from their sources; 0 for no limit. Default:"
              + " 0.")
  private long bandwidth;

  @Option(
      names = "--staging",
      paramLabel = "DIRECTORY",
      description =
          "Directory for the state that imports resume from after a restart, and for conversions."
              + " Operators with --leader-election share it. Default: none; then imports start again"
              + " after a restart, and conversions fail.")
  private Path staging;

  @Option(
      names = "--scrub-interval",
      paramLabel = "DURATION",
      description =
          "Time between two scrubs of a copy (read and compared again), ISO 8601. Default: P7D.")
  private Duration scrubInterval = DEFAULTS.scrubInterval();

  @Option(
      names = "--scrub-rate",
      paramLabel = "MIB",
      description = "MiB/s that all scrubs together read; 0 for no limit. Default: 50.")
  private long scrubRate = DEFAULTS.scrubBytesPerSecond().orElse(0) / MEBIBYTE;

  /**
   * Sets the values of the options.
   *
   * @throws ParameterException when a value is out of bounds
   */
  OperatorSettingsBuilder apply(OperatorSettingsBuilder settings) {
    require(transferSlots >= 1, "--transfer-slots must be at least 1");
    require(slotsPerStore >= 0, "--transfer-slots-per-store must not be negative");
    require(slotsPerNamespace >= 0, "--transfer-slots-per-namespace must not be negative");
    require(bandwidth >= 0, "--bandwidth must not be negative");
    require(scrubRate >= 0, "--scrub-rate must not be negative");
    require(
        scrubInterval.compareTo(Duration.ofSeconds(1)) >= 0,
        "--scrub-interval must be at least PT1S");
    return settings
        .transferSlots(transferSlots)
        .transferSlotsPerStore(slots(slotsPerStore))
        .transferSlotsPerNamespace(slots(slotsPerNamespace))
        .bytesPerSecond(bytes(bandwidth))
        .staging(Optional.ofNullable(staging))
        .scrubInterval(scrubInterval)
        .scrubBytesPerSecond(bytes(scrubRate));
  }

  private static OptionalInt slots(int count) {
    return count == 0 ? OptionalInt.empty() : OptionalInt.of(count);
  }

  private static OptionalLong bytes(long mebibytes) {
    return mebibytes == 0
        ? OptionalLong.empty()
        : OptionalLong.of(Math.min(mebibytes, Long.MAX_VALUE / MEBIBYTE) * MEBIBYTE);
  }

  private void require(boolean met, String sentence) {
    if (!met) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
