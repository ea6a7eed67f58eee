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
 * Records the write requests of an operator and the time of its lastActivity request or reconcile.
 * Thread-safe.
 */
public final class RequestLog implements Interceptor, Metrics {

  private static final Set<String> READING = Set.of("GET", "HEAD");

  private final ConcurrentLinkedQueue<String> writes = new ConcurrentLinkedQueue<>();
  private volatile long lastActivity = System.nanoTime();

  /** The objects written so far, as {@code METHOD path}. */
  public Set<String> writes() {
    return new TreeSet<>(writes);
  }

  /** Clears the log. */
  public void clear() {
    writes.clear();
    lastActivity = System.nanoTime();
  }

  /** Whether there was no request and no reconcile for this time. */
  public boolean isIdleFor(Duration time) {
    return System.nanoTime() - lastActivity > time.toNanos();
  }

  @Override
  public void before(BasicBuilder builder, HttpRequest request, RequestTags tags) {
    lastActivity = System.nanoTime();
    if (!READING.contains(request.method())) {
      writes.add(request.method() + " " + request.uri().getPath() + createdName(request));
    }
  }

  /** The path of a POST does not contain the name of the object. */
  private static String createdName(HttpRequest request) {
    return request.method().equals("POST")
        ? "/"
            + Serialization.unmarshal(request.bodyString(), HasMetadata.class)
                .getMetadata()
                .getName()
        : "";
  }

  @Override
  public void reconciliationExecutionStarted(HasMetadata resource, Map<String, Object> metadata) {
    lastActivity = System.nanoTime();
  }

  @Override
  public void reconciliationExecutionFinished(HasMetadata resource, Map<String, Object> metadata) {
    lastActivity = System.nanoTime();
  }

  /** The first 20 writes, for failure messages. */
  @Override
  public String toString() {
    return List.copyOf(writes).stream().limit(20).toList().toString();
  }
}
