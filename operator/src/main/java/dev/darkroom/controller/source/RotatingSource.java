package dev.darkroom.controller.source;

import dev.darkroom.controller.support.PrerequisiteException;
import dev.darkroom.source.ByteRange;
import dev.darkroom.source.Source;
import dev.darkroom.source.SourceBody;
import dev.darkroom.source.SourceException;
import io.fabric8.kubernetes.client.KubernetesClientException;
import java.util.Map;
import java.util.Optional;

/**
 * A source that is asked with what is in a Secret. When it refuses that, the Secret is read again;
 * if it says something else by then the source is asked once more. Safe for use by many threads.
 */
final class RotatingSource implements Source {

  /** Reads the Secret. */
  @FunctionalInterface
  interface Reading {

    /**
     * What is in it.
     *
     * @throws PrerequisiteException when it is not there
     */
    Map<String, String> read() throws PrerequisiteException;
  }

  /** Makes the source. */
  @FunctionalInterface
  interface Making {

    /**
     * The source, asked with what was in the Secret.
     *
     * @throws PrerequisiteException when that is not what it should be
     */
    Source with(Map<String, String> secret) throws SourceException, PrerequisiteException;
  }

  private interface Request {
    SourceBody of(Source source) throws SourceException, InterruptedException;
  }

  private final Reading secret;
  private final Making making;
  private Map<String, String> content;
  private Source current;

  /**
   * Makes the source for the first time.
   *
   * @throws PrerequisiteException when the Secret is not there, or is not what it should be
   */
  RotatingSource(Reading secret, Making making) throws SourceException, PrerequisiteException {
    this.secret = secret;
    this.making = making;
    this.content = secret.read();
    this.current = making.with(content);
  }

  @Override
  public SourceBody open() throws SourceException, InterruptedException {
    return ask(Source::open);
  }

  @Override
  public SourceBody open(ByteRange range, Optional<String> validator)
      throws SourceException, InterruptedException {
    return ask(source -> source.open(range, validator));
  }

  @Override
  public String describe() {
    return current().describe();
  }

  @Override
  public String toString() {
    return describe();
  }

  private SourceBody ask(Request request) throws SourceException, InterruptedException {
    Source asked = current();
    try {
      return request.of(asked);
    } catch (SourceException e) {
      if (e.kind() != SourceException.Kind.FORBIDDEN) {
        throw e;
      }
      return request.of(renewed(asked, e));
    }
  }

  private synchronized Source current() {
    return current;
  }

  /** That the Secret has gone, or can't be read now, is for the next attempt to wait for. */
  private synchronized Source renewed(Source refused, SourceException why) throws SourceException {
    if (current != refused) {
      return current;
    }
    try {
      Map<String, String> now = secret.read();
      if (now.equals(content)) {
        throw why;
      }
      current = making.with(now);
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
