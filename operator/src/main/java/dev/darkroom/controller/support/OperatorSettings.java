package dev.darkroom.controller.support;

import dev.darkroom.codec.DecodeLimits;
import dev.darkroom.format.InspectionLimits;
import dev.darkroom.source.fetch.FetchOptions;
import dev.darkroom.source.policy.AddressPolicy;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Set;

/**
 * The settings of an operator.
 *
 * @param namespaces the namespaces to watch; empty for all
 * @param transferSlots the maximum number of running transfers, at least 1
 * @param transferSlotsPerStore the maximum number that writes to one store; empty for no limit
 * @param transferSlotsPerNamespace the maximum number of one namespace; empty for no limit
 * @param bytesPerSecond the limit of all transfers together, read from sources; empty for no limit
 * @param staging a directory for this process only, with the state that resumes imports after a
 *     restart, and with disks during a conversion; empty: no resume after a restart, no conversion
 * @param fetch options for reading sources
 * @param inspection limits of the disks that sources deliver
 * @param decode limits of decompression
 * @param qemuImg the absolute path of qemu-img; empty to search PATH
 * @param progressInterval the shortest time between two writes of an import's progress
 * @param probeInterval the time between two probes of a store
 * @param scrubInterval the time between two scrubs of a copy, with a jitter of 10 %
 * @param scrubBytesPerSecond the limit of all scrubs together; empty for no limit
 * @param referenceInterval the first time between two look-ups of a missing Secret or ConfigMap; it
 *     grows with the time that the import waits
 * @param operatorNamespace the namespace of the Secrets and ConfigMaps of stores
 * @param deleteTimeout the time that a deletion waits for a store or a transfer before it ends
 *     without it
 * @param shutdownTimeout the time that a shutdown waits for transfers to clean up in the stores
 * @param addressPolicy the addresses that sources may have
 */
@RecordBuilder
public record OperatorSettings(
    Set<String> namespaces,
    int transferSlots,
    OptionalInt transferSlotsPerStore,
    OptionalInt transferSlotsPerNamespace,
    OptionalLong bytesPerSecond,
    Optional<Path> staging,
    FetchOptions fetch,
    InspectionLimits inspection,
    DecodeLimits decode,
    Optional<Path> qemuImg,
    Duration progressInterval,
    Duration probeInterval,
    Duration scrubInterval,
    OptionalLong scrubBytesPerSecond,
    Duration referenceInterval,
    String operatorNamespace,
    Duration deleteTimeout,
    Duration shutdownTimeout,
    AddressPolicy addressPolicy) {

  /** Copies the namespaces. */
  public OperatorSettings {
    namespaces = Set.copyOf(namespaces);
    Objects.requireNonNull(addressPolicy, "addressPolicy");
  }

  /**
   * All namespaces, four transfers, progress every 2 s, a probe a minute, a look for missing
   * Secrets every 15 s, stores' Secrets in {@code darkroom-system}, deletion within 5 min, sources
   * at public addresses.
   */
  public static OperatorSettings defaults() {
    return new OperatorSettings(
        Set.of(),
        4,
        OptionalInt.empty(),
        OptionalInt.empty(),
        OptionalLong.empty(),
        Optional.empty(),
        FetchOptions.defaults(),
        InspectionLimits.defaults(),
        DecodeLimits.defaults(),
        Optional.empty(),
        Duration.ofSeconds(2),
        Duration.ofMinutes(1),
        Duration.ofDays(7),
        OptionalLong.of(50L << 20),
        Duration.ofSeconds(15),
        "darkroom-system",
        Duration.ofMinutes(5),
        Duration.ofSeconds(20),
        AddressPolicy.defaults());
  }

  /** The same settings, with sources on the loopback interface allowed: for trials and tests. */
  public OperatorSettings withLoopbackSources() {
    return OperatorSettingsBuilder.builder(this)
        .addressPolicy(addressPolicy.withLoopbackAllowed())
        .build();
  }
}
