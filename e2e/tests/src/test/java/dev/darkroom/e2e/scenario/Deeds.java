package dev.darkroom.e2e.scenario;

import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.http.BasicBuilder;
import io.fabric8.kubernetes.client.http.HttpRequest;
import io.fabric8.kubernetes.client.http.Interceptor;
import io.fabric8.kubernetes.client.utils.Serialization;
import io.javaoperatorsdk.operator.api.monitoring.Metrics;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * What an operator does while it is watched: what it writes, also where that changes nothing, and
 * when it last had something to do. Safe for use by many threads.
 */
final class Deeds implements Interceptor, Metrics {

  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final ConcurrentLinkedQueue<String> writes = new ConcurrentLinkedQueue<>();
  private volatile long last = System.nanoTime();

  /** Every object that it has written so far, as {@code METHOD path}. */
  Set<String> writes() {
    return new TreeSet<>(writes);
  }

  /** Forgets what was written. */
  void forget() {
    writes.clear();
    last = System.nanoTime();
  }

  /** Whether it has asked for nothing and looked at nothing for that long. */
  boolean restsFor(Duration time) {
    return System.nanoTime() - last > time.toNanos();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    last = System.nanoTime();
    if (!READING.contains(request.method())) {
      writes.add(request.method() + " " + request.uri().getPath() + created(request));
    }
  }

  /** The path of a creation does not name what is created. */
  private static String created(HttpRequest request) {
    return request.method().equals("POST")
        ? "/"
            + Serialization.unmarshal(request.bodyString(), HasMetadata.class)
                .getMetadata()
                .getName()
        : "";
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    last = System.nanoTime();
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    last = System.nanoTime();
  }

  /** For a failure to show, which says enough by a few. */
  @Override
  public String toString() {
    return List.copyOf(writes).stream().limit(20).toList().toString();
  }
}
