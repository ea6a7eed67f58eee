package dev.darkroom.controller;

import dev.darkroom.api.Image;
import dev.darkroom.api.ImageImport;
import dev.darkroom.api.ImageMember;
import dev.darkroom.api.ImageStore;
import dev.darkroom.api.PublicImage;
import io.fabric8.kubernetes.api.model.Event;
import io.fabric8.kubernetes.client.CustomResource;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.dsl.base.CustomResourceDefinitionContext;
import io.fabric8.kubernetes.client.server.mock.KubernetesMixedDispatcher;
import io.fabric8.kubernetes.client.server.mock.KubernetesMockServer;
import io.fabric8.mockwebserver.Context;
import io.fabric8.mockwebserver.MockWebServer;
import io.fabric8.mockwebserver.ServerRequest;
import io.fabric8.mockwebserver.ServerResponse;
import io.fabric8.mockwebserver.http.RecordedRequest;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * fabric8's API server for tests, which keeps what it is given and knows the status subresource of
 * our kinds. It checks no schema and, on a status, no resourceVersion.
 */
public final class MockCluster implements AutoCloseable {

  /** Held in a field: the level is lost when the logger is garbage-collected. */
  private static final Logger CHATTER = Logger.getLogger(MockWebServer.class.getName());

  static {
    CHATTER.setLevel(Level.WARNING);
  }

  private static final List<Class<? extends CustomResource<?, ?>>> KINDS =
      List.of(
          Image.class, ImageImport.class, ImageMember.class, ImageStore.class, PublicImage.class);

  private final Map<ServerRequest, Queue<ServerResponse>> canned = new HashMap<>();
  private final KubernetesMockServer server =
      new KubernetesMockServer(
          new Context(), new MockWebServer(), canned, new KubernetesMixedDispatcher(canned), false);
  private final KubernetesClient client;
  private final List<String> requests = new ArrayList<>();

  public MockCluster() {
    for (var kind : KINDS) {
      server.expectCustomResource(CustomResourceDefinitionContext.fromCustomResourceType(kind));
    }
    server.init();
    client =
        server.createClient(
            builder ->
                builder
                    .editOrNewConfig()
                    .withRequestTimeout(5_000)
                    .withRequestRetryBackoffLimit(0)
                    .endConfig());
  }

  public KubernetesClient client() {
    return client;
  }

  /** The server, for canned answers. */
  public KubernetesMockServer server() {
    return server;
  }

  /** The Events of a namespace, the oldest first. */
  public List<Event> events(String namespace) {
    return client.v1().events().inNamespace(namespace).list().getItems().stream()
        .sorted(Comparator.comparing(event -> event.getMetadata().getCreationTimestamp()))
        .toList();
  }

  /** The number of requests since the start, by method and end of the path. */
  public long requests(String method, String path) throws InterruptedException {
    RecordedRequest next = server.takeRequest(0, TimeUnit.SECONDS);
    while (next != null) {
      requests.add(next.getMethod() + " " + next.getPath());
      next = server.takeRequest(0, TimeUnit.SECONDS);
    }
    return requests.stream()
        .filter(request -> request.startsWith(method + " ") && request.endsWith(path))
        .count();
  }

  @Override
  public void close() {
    client.close();
    server.destroy();
  }
}
