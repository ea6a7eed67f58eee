package dev.darkroom.controller;

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
final class SecretKeys {

  private static final Logger LOG = LoggerFactory.getLogger(SecretKeys.class);
  private static final Duration SELDOM = Duration.ofSeconds(5);

  /** Reads the Secret. */
  @FunctionalInterface
  interface Reading {

    /**
     * The keys in it.
     *
     * @throws HeldException when it is not there, or has none
     */
    S3Credentials read() throws HeldException;
  }

  private final Reading secret;
  private final LongSupplier nanoTime;
  private final AtomicReference<S3Credentials> current;
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
   * @throws HeldException when there are none
   */
  static SecretKeys read(Reading secret) throws HeldException {
    return read(secret, System::nanoTime);
  }

  /** The same with another clock. */
  static SecretKeys read(Reading secret, LongSupplier nanoTime) throws HeldException {
    return new SecretKeys(secret, nanoTime, secret.read());
  }

  /** Requests are made with them. */
  S3Identity identity() {
    return new S3Identity.Keys(current::get, this::renewed);
  }

  /**
   * Looks for others.
   *
   * @throws HeldException when there are none any more; the old ones stay in use
   */
  void readAgain() throws HeldException {
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
    } catch (HeldException | KubernetesClientException e) {
      LOG.debug("No other keys", e);
    }
    return !current.get().equals(refused);
  }
}
