package dev.darkroom.controller.support;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.s3.S3Credentials;
import dev.darkroom.s3.S3Identity;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The S3 keys of a Secret. When a server refuses the keys, the Secret is read again, at most every
 * 5 s: wrong keys cause many refusals. Thread-safe.
 */
public final class SecretKeys {

  private static final Logger LOG = LoggerFactory.getLogger(SecretKeys.class);
  private static final Duration MIN_INTERVAL = Duration.ofSeconds(5);

  /** Reads the Secret. */
  @FunctionalInterface
  public interface Reading {

    /**
     * The keys in the Secret.
     *
     * @throws PrerequisiteException when the Secret or a key is missing
     */
    public S3Credentials read() throws PrerequisiteException;
  }

  private final Reading secret;
  private final LongSupplier nanoTime;
  private final AtomicReference<S3Credentials> current;

  @GuardedBy("this")
  private long readAt;

  private SecretKeys(Reading secret, LongSupplier nanoTime, S3Credentials first) {
    this.secret = secret;
    this.nanoTime = nanoTime;
    this.current = new AtomicReference<>(first);
    this.readAt = nanoTime.getAsLong() - MIN_INTERVAL.toNanos();
  }

  /**
   * Reads the keys for the first time.
   *
   * @throws PrerequisiteException when the Secret or a key is missing
   */
  public static SecretKeys read(Reading secret) throws PrerequisiteException {
    return read(secret, System::nanoTime);
  }

  /** Reads the keys for the first time; with a clock for tests. */
  public static SecretKeys read(Reading secret, LongSupplier nanoTime)
      throws PrerequisiteException {
    return new SecretKeys(secret, nanoTime, secret.read());
  }

  /** The identity that signs requests with the present keys. */
  public S3Identity identity() {
    return new S3Identity.Keys(current::get, this::renewed);
  }

  /**
   * Reads the Secret again.
   *
   * @throws PrerequisiteException when the Secret or a key is missing; the old keys stay in use
   */
  public void readAgain() throws PrerequisiteException {
    current.set(secret.read());
  }

  private synchronized boolean renewed(S3Credentials refused) {
    if (!current.get().equals(refused)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (now - readAt < MIN_INTERVAL.toNanos()) {
      return false;
    }
    readAt = now;
    try {
      readAgain();
    } catch (PrerequisiteException | KubernetesClientException e) {
      LOG.debug("The Secret was not read again", e);
    }
    return !current.get().equals(refused);
  }
}
