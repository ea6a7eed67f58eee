package dev.darkroom.controller.source;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;

/**
 * A source with credentials from a Secret. When the server refuses them, reads the Secret again,
 * and repeats the request once if the Secret has changed. Thread-safe.
 */
final class RotatingSource implements Source {

  /** Reads the Secret. */
  @FunctionalInterface
  interface SecretReader {

    /**
     * The entries of the Secret.
     *
     * @throws PrerequisiteException when the Secret is missing
     */
    Map<String, String> read() throws PrerequisiteException;
  }

  /** Makes the source. */
  @FunctionalInterface
  interface SourceMaker {

    /**
     * Makes the source with the entries of the Secret.
     *
     * @throws PrerequisiteException when the entries are not usable credentials
     */
    Source with(Map<String, String> secret) throws SourceException, PrerequisiteException;
  }

  /** Opens a body of the source. */
  private interface Request {
    SourceBody of(Source source) throws SourceException, InterruptedException;
  }

  private final SecretReader secret;
  private final SourceMaker maker;

  @GuardedBy("this")
  private Map<String, String> content;

  @GuardedBy("this")
  private Source current;

  /**
   * Makes the source for the first time.
   *
   * @throws PrerequisiteException when the Secret is missing or has no usable credentials
   */
  RotatingSource(SecretReader secret, SourceMaker maker)
      throws SourceException, PrerequisiteException {
    this.secret = secret;
    this.maker = maker;
    this.content = secret.read();
    this.current = maker.with(content);
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    return send(Source::open);
  }

  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    return send(source -> source.open(range, validator));
  }

  @Override
  public String describe() {
    return current().describe();
  }

  @Override
  public String toString() {
    return describe();
  }

  private SourceBody send(Request request) throws SourceException, InterruptedException {
    Source first = current();
    try {
      return request.of(first);
    } catch (SourceException e) {
      if (e.kind() != SourceException.Kind.FORBIDDEN) {
        throw e;
      }
      return request.of(renewed(first, e));
    }
  }

  private synchronized Source current() {
    return current;
  }

  /**
   * A Secret that is missing or can't be read now makes the source unavailable: a retry follows.
   */
  private synchronized Source renewed(Source refused, SourceException why) throws SourceException {
    if (current != refused) {
      return current;
    }
    try {
      Map<String, String> now = secret.read();
      if (now.equals(content)) {
        throw why;
      }
      current = maker.with(now);
      content = now;
      return current;
    } catch (PrerequisiteException e) {
      throw new SourceException(
          SourceException.Kind.UNAVAILABLE, why.getMessage() + " " + e.failure().message(), e);
    } catch (KubernetesClientException e) {
      throw new SourceException(
          SourceException.Kind.UNAVAILABLE,
          why.getMessage() + " Its Secret can't be read again now.",
          e);
    }
  }
}
