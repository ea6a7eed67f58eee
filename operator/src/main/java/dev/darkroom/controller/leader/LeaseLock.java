package dev.darkroom.controller.leader;

import io.fabric8.kubernetes.api.model.ObjectMetaBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.Lease;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseBuilder;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpec;
import io.fabric8.kubernetes.api.model.coordination.v1.LeaseSpecBuilder;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.net.HttpURLConnection;
import java.time.Clock;
import java.time.Duration;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * The claim of this process to a Lease ({@code coordination.k8s.io/v1}). The claim of another
 * process has run out when this process saw no renewal for the Lease duration, by its own clock.
 * The times in the Lease do not count: the clocks of two machines may differ by more than a Lease
 * duration. Confined to one thread.
 */
final class LeaseLock {

  /** Which process holds the Lease. */
  enum Standing {
    OURS,
    ANOTHERS,
    /** Two processes wrote at the same moment (conflict); the next claim decides. */
    UNDECIDED
  }

  /** The fields that a renewal or a takeover changes. */
  private record Observed(String holder, Optional<ZonedDateTime> renewed, int transitions) {}

  private final KubernetesClient client;
  private final LeaseSettings settings;
  private final Clock clock;
  private final LongSupplier nanoTime;
  private Optional<Observed> observed = Optional.empty();
  private long observedAt;

  /**
   * Claims nothing yet.
   *
   * @param client with a short timeout and without retries
   * @param clock gives the times that are written to the Lease
   * @param nanoTime nanosecond clock that measures durations
   */
  LeaseLock(KubernetesClient client, LeaseSettings settings, Clock clock, LongSupplier nanoTime) {
    this.client = client;
    this.settings = settings;
    this.clock = clock;
    this.nanoTime = nanoTime;
  }

  /**
   * Takes the Lease if it is free, and renews it if this process holds it.
   *
   * @throws KubernetesClientException when the API server refuses or does not answer
   */
  Standing claim() {
    Lease lease = find();
    if (lease == null) {
      return written(() -> client.resource(created()).create());
    }
    observe(lease);
    if (!isOurs(lease) && isHeld(lease)) {
      return Standing.ANOTHERS;
    }
    return written(() -> client.resource(taken(lease)).update());
  }

  /**
   * Releases the Lease if this process holds it, so that another process takes it at once.
   *
   * @return whether this process held it
   * @throws KubernetesClientException when the API server refuses or does not answer; then the
   *     Lease runs out
   */
  boolean release() {
    Lease lease = find();
    if (lease == null || !isOurs(lease)) {
      return false;
    }
    LeaseSpec spec =
        new LeaseSpecBuilder(lease.getSpec())
            .withHolderIdentity(null)
            .withLeaseDurationSeconds(1)
            .withRenewTime(now())
            .build();
    return written(() -> client.resource(new LeaseBuilder(lease).withSpec(spec).build()).update())
        == Standing.OURS;
  }

  private Lease find() {
    return client.leases().inNamespace(settings.namespace()).withName(settings.name()).get();
  }

  private static Standing written(Runnable write) {
    try {
      write.run();
      return Standing.OURS;
    } catch (KubernetesClientException e) {
      if (e.getCode() == HttpURLConnection.HTTP_CONFLICT) {
        return Standing.UNDECIDED;
      }
      throw e;
    }
  }

  private void observe(Lease lease) {
    LeaseSpec spec = lease.getSpec();
    Optional<Observed> now =
        Optional.of(
            new Observed(
                holder(lease),
                Optional.ofNullable(spec).map(LeaseSpec::getRenewTime),
                transitions(lease)));
    if (!now.equals(observed)) {
      observed = now;
      observedAt = nanoTime.getAsLong();
    }
  }

  private boolean isOurs(Lease lease) {
    return holder(lease).equals(settings.identity());
  }

  private boolean isHeld(Lease lease) {
    Duration lasts =
        Optional.ofNullable(lease.getSpec().getLeaseDurationSeconds())
            .map(Duration::ofSeconds)
            .orElse(settings.duration());
    return !holder(lease).isEmpty() && nanoTime.getAsLong() - observedAt < lasts.toNanos();
  }

  private Lease created() {
    return new LeaseBuilder()
        .withMetadata(
            new ObjectMetaBuilder()
                .withNamespace(settings.namespace())
                .withName(settings.name())
                .build())
        .withSpec(ours(new LeaseSpecBuilder().withLeaseTransitions(0).withAcquireTime(now())))
        .build();
  }

  private Lease taken(Lease lease) {
    LeaseSpecBuilder spec =
        lease.getSpec() == null ? new LeaseSpecBuilder() : new LeaseSpecBuilder(lease.getSpec());
    if (!isOurs(lease)) {
      spec.withAcquireTime(now()).withLeaseTransitions(transitions(lease) + 1);
    }
    return new LeaseBuilder(lease).withSpec(ours(spec)).build();
  }

  private LeaseSpec ours(LeaseSpecBuilder spec) {
    return spec.withHolderIdentity(settings.identity())
        .withLeaseDurationSeconds(Math.toIntExact(settings.duration().toSeconds()))
        .withRenewTime(now())
        .build();
  }

  private ZonedDateTime now() {
    return clock.instant().atZone(ZoneOffset.UTC).truncatedTo(ChronoUnit.MICROS);
  }

  private static String holder(Lease lease) {
    return Optional.ofNullable(lease.getSpec()).map(LeaseSpec::getHolderIdentity).orElse("");
  }

  private static int transitions(Lease lease) {
    return Optional.ofNullable(lease.getSpec()).map(LeaseSpec::getLeaseTransitions).orElse(0);
  }
}
