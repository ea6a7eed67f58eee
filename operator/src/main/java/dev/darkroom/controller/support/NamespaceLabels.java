package dev.darkroom.controller.support;

import io.fabric8.kubernetes.api.model.Namespace;
import io.fabric8.kubernetes.client.KubernetesClient;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The labels of namespaces, as they were a moment ago. They are asked for only where a store wants
 * to know. Safe for use by many threads; asks the API server.
 */
public final class NamespaceLabels {

  private record Known(Map<String, String> labels, Instant until) {}

  private static final Duration LIFETIME = Duration.ofSeconds(10);

  private final Map<String, Known> known = new ConcurrentHashMap<>();
  private final KubernetesClient client;
  private final Clock clock;

  public NamespaceLabels(KubernetesClient client, Clock clock) {
    this.client = client;
    this.clock = clock;
  }

  /** The labels of a namespace; none when it is gone. */
  public Map<String, String> of(String namespace) {
    Instant now = clock.instant();
    return known
        .compute(
            namespace,
            (name, before) ->
                before != null && now.isBefore(before.until())
                    ? before
                    : new Known(ask(name), now.plus(LIFETIME)))
        .labels();
  }

  private Map<String, String> ask(String name) {
    Namespace namespace = client.namespaces().withName(name).get();
    return namespace == null
        ? Map.of()
        : Map.copyOf(Objects.requireNonNullElse(namespace.getMetadata().getLabels(), Map.of()));
  }
}
