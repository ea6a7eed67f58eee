package dev.darkroom.cli;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.controller.support.OperatorSettingsBuilder;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.fetch.FetchOptions;
import io.fabric8.kubernetes.api.model.Quantity;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Options for fetch, decompression and conversion. */
final class DeliveryOptions {

  private static final FetchOptions FETCH = FetchOptions.defaults();
  private static final DecodeLimits DECODE = DecodeLimits.defaults();
  private static final BigDecimal SMALLEST_DISK = BigDecimal.valueOf(512);
  private static final BigDecimal LARGEST_DISK = BigDecimal.valueOf(Long.MAX_VALUE);
  private static final long MEBIBYTE = 1L << 20;

  @Spec(Spec.Target.MIXEE)
  private CommandSpec spec;

  @Option(
      names = "--connections",
      paramLabel = "N",
      description =
          "Connections to one source at once, when it serves ranges, the image is large and one"
              + " connection is slower than 256 MiB/s; 1 to 64. Default: 4.")
  private int connections = FETCH.connections();

  @Option(
      names = "--part-size",
      paramLabel = "MIB",
      description =
          "MiB of one range request on such a source, 1 to 1024; each connection uses as much"
              + " memory. Default: 8.")
  private long partSize = FETCH.partBytes() / MEBIBYTE;

  @Option(
      names = "--max-virtual-size",
      converter = QuantityConverter.class,
      paramLabel = "QUANTITY",
      description =
          "Largest virtual size of a disk, as a Kubernetes quantity (500Gi, 64Ti). Larger disks"
              + " are refused with VirtualSizeTooLarge. Default: 64Ti.")
  private Quantity maxVirtualSize = new Quantity("64Ti");

  @Option(
      names = "--decompression-max-ratio",
      paramLabel = "N",
      description =
          "Largest ratio of decompressed to compressed bytes, after the first 64 MiB. Default:"
              + " 500.")
  private long maxRatio = DECODE.ratio();

  @Option(
      names = "--decompression-max-time",
      paramLabel = "DURATION",
      description =
          "Longest time for the decompression of one image, ISO 8601; waits for its source do not"
              + " count. Default: PT6H.")
  private Duration maxTime = DECODE.decodingTime();

  @Option(
      names = "--qemu-img",
      paramLabel = "FILE",
      description =
          "The qemu-img program, for conversions (spec.convertTo), which also need --staging."
              + " Default: qemu-img in PATH.")
  private Path qemuImg;

  /**
   * Sets the values of the options.
   *
   * @throws ParameterException when a value is out of bounds
   */
  OperatorSettingsBuilder apply(OperatorSettingsBuilder settings) {
    require(connections >= 1 && connections <= 64, "--connections must be from 1 to 64");
    require(partSize >= 1 && partSize <= 1024, "--part-size must be from 1 to 1024");
    require(maxRatio >= 1, "--decompression-max-ratio must be at least 1");
    require(
        !maxTime.isNegative() && !maxTime.isZero(),
        "--decompression-max-time must be more than zero");
    return settings
        .inspection(new InspectionLimits(maxVirtualBytes()))
        .fetch(
            new FetchOptions(
                connections,
                partSize * MEBIBYTE,
                FETCH.parallelFromBytes(),
                FETCH.fastBytesPerSecond(),
                FETCH.fruitlessTries(),
                FETCH.minimumBytesPerSecond(),
                FETCH.overWindow()))
        .decode(
            new DecodeLimits(
                DECODE.expandedBytes(),
                maxRatio,
                DECODE.graceBytes(),
                DECODE.memoryBytes(),
                maxTime))
        .qemuImg(Optional.ofNullable(qemuImg).map(Path::toAbsolutePath));
  }

  private long maxVirtualBytes() {
    BigDecimal bytes = maxVirtualSize.getNumericalAmount();
    require(
        bytes.compareTo(SMALLEST_DISK) >= 0 && bytes.compareTo(LARGEST_DISK) <= 0,
        "--max-virtual-size must be from 512 to 8Ei");
    return bytes.longValue();
  }

  private void require(boolean met, String sentence) {
    if (!met) {
      throw new ParameterException(spec.commandLine(), sentence);
    }
  }
}
