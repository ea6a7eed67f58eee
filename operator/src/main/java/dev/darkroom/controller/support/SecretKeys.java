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
 * The S3 keys in a Secret. When a server refuses them the Secret is read again, but not more often
 * than every few seconds: keys that are plainly wrong are refused a thousand times. Safe for use by
 * many threads.
 */
public final class SecretKeys {

  private static final Logger LOG = LoggerFactory.getLogger(SecretKeys.class);
  private static final Duration SELDOM = Duration.ofSeconds(5);

  /** Reads the Secret. */
  @FunctionalInterface
  public interface Reading {

    /**
     * The keys in it.
     *
     * @throws PrerequisiteException when it is not there, or has none
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
    this.readAt = nanoTime.getAsLong() - SELDOM.toNanos();
  }

  /**
   * Reads them for the first time.
   *
   * @throws PrerequisiteException when there are none
   */
  public static SecretKeys read(Reading secret) throws PrerequisiteException {
    return read(secret, System::nanoTime);
  }

  /** The same with another clock. */
  public static SecretKeys read(Reading secret, LongSupplier nanoTime)
      throws PrerequisiteException {
    return new SecretKeys(secret, nanoTime, secret.read());
  }

  /** Requests are made with them. */
  public S3Identity identity() {
    return new S3Identity.Keys(current::get, this::renewed);
  }

  /**
   * Looks for others.
   *
   * @throws PrerequisiteException when there are none any more; the old ones stay in use
   */
  public void readAgain() throws PrerequisiteException {
    current.set(secret.read());
  }

  private synchronized boolean renewed(S3Credentials refused) {
    if (!current.get().equals(refused)) {
      return true;
    }
    long now = nanoTime.getAsLong();
    if (now - readAt < SELDOM.toNanos()) {
      return false;
    }
    readAt = now;
    try {
      readAgain();
    } catch (PrerequisiteException | KubernetesClientException e) {
      LOG.debug("No other keys", e);
    }
    return !current.get().equals(refused);
  }
}
