package dev.darkroom.controller.support;

import dev.darkroom.codec.DecodeLimits;
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
 * How the operator works.
 *
 * @param namespaces the namespaces to look after; empty for all
 * @param transferSlots how many transfers run at once, at least 1
 * @param transferSlotsPerStore how many of them may write to one store; empty for all
 * @param transferSlotsPerNamespace how many of them may be one namespace's; empty for all
 * @param bytesPerSecond how much all of them together may read from their sources; empty for no
 *     limit
 * @param staging a directory of this process alone, where imports keep what they need to go on
 *     after a restart, and where disks are converted; empty to begin anew then and convert none
 * @param fetch how a source is read
 * @param decode what a decompression may cost
 * @param qemuImg the program that converts, an absolute path; empty to look for it in PATH
 * @param progressInterval how often at most an import's progress is written while bytes move
 * @param probeInterval how often a store is probed
 * @param scrubInterval how often each copy is read again, more or less
 * @param scrubBytesPerSecond how fast all copies together are read then; empty for no limit
 * @param referenceInterval how soon at the earliest an import looks again for a Secret or ConfigMap
 *     that was not there; the longer it waits, the seldomer it looks
 * @param operatorNamespace where the Secrets and ConfigMaps of stores are
 * @param deleteTimeout how long the deletion of an object waits for a store or a transfer that does
 *     not answer, before it ends without
 * @param shutdownTimeout how long a shutdown waits for transfers to leave the stores clean
 * @param addressPolicy which servers may be sources
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

  /** The same, with sources on this machine let in: for tries and tests. */
  public OperatorSettings withLoopbackSources() {
    return OperatorSettingsBuilder.builder(this)
        .addressPolicy(addressPolicy.withLoopbackAllowed())
        .build();
  }
}
