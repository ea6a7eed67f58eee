package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BooleanSupplier;

/**
 * Makes a cache show the operator's own writes: a writer waits until the watch has brought what it
 * wrote, usually for milliseconds. Thread-safe.
 */
final class WriteBarrier {

  private static final Duration TIMEOUT = Duration.ofSeconds(10);

  /** A bookmark advances the version of a cache without an event, hence the bound. */
  private static final Duration RECHECK = Duration.ofMillis(50);

  private final String kind;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition event = lock.newCondition();

  /**
   * A barrier for one cache.
   *
   * @param kind of its objects, for messages
   */
  WriteBarrier(String kind) {
    this.kind = kind;
  }

  /** Wakes the writers; the cache calls it on each event. */
  void signal() {
    lock.lock();
    try {
      event.signalAll();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Waits for a condition of the cache.
   *
   * @throws KubernetesClientException after 10 s, when the informer stops, or on an interrupt
   */
  void await(SharedIndexInformer<?> informer, BooleanSupplier reached) {
    long deadline = System.nanoTime() + TIMEOUT.toNanos();
    lock.lock();
    try {
      while (!reached.getAsBoolean()) {
        if (!informer.isRunning()) {
          throw new KubernetesClientException("The cache of kind " + kind + " has stopped.");
        }
        if (System.nanoTime() - deadline > 0) {
          throw new KubernetesClientException(
              "The cache of kind %s has not received a write of this operator within %d s."
                  .formatted(kind, TIMEOUT.toSeconds()));
        }
        boolean unused = event.await(RECHECK.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KubernetesClientException("Interrupted while waiting for the cache.", e);
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether a version is at least another one. The versions of one kind are decimal numbers in the
   * order of the writes (KEP-5504, "Comparable Resource Version").
   *
   * @param version null for none
   */
  static boolean isAtLeast(String version, HasMetadata written) {
    return number(version) >= number(written.getMetadata().getResourceVersion());
  }

  private static long number(String version) {
    return version == null || version.isEmpty() ? 0 : Long.parseUnsignedLong(version);
  }
}
