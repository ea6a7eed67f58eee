package dev.darkroom.e2e.apiserver.http;

import dev.darkroom.e2e.apiserver.model.ApiException;
import dev.darkroom.e2e.apiserver.resource.Resources;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import dev.darkroom.e2e.apiserver.verbs.RequestTarget;
import dev.darkroom.e2e.apiserver.verbs.Verbs;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.Content;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.Fields;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The entry point of the server: receives every request and passes it on by its path. */
public final class Front extends Handler.Abstract {
  private static final Logger LOG = LoggerFactory.getLogger(Front.class);
  private static final int BODY_LIMIT = 3 * 1024 * 1024;

  private final Discovery discovery;
  private final OpenApi openApi;
  private final ResourceRequests requests;
  private final Watches watches;

  /** Creates the entry point of a server, which must not have started yet. */
  public Front(
      Server server,
      ObjectStore store,
      Resources resources,
      Verbs verbs,
      Duration bookmarkInterval) {
    discovery = new Discovery(resources);
    openApi = new OpenApi(resources);
    requests = new ResourceRequests(resources, verbs);
    watches = new Watches(store, ServerWebSocketContainer.ensure(server), bookmarkInterval);
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    try {
      route(request, response, callback);
    } catch (ApiException e) {
      LOG.debug("{} {}: {}", request.getMethod(), request.getHttpURI(), e.getMessage());
      Answer.of(e).send(response, callback);
    } catch (RuntimeException e) {
      LOG.warn("{} {} failed", request.getMethod(), request.getHttpURI(), e);
      Answer.of(ApiException.internal(e)).send(response, callback);
    }
    return true;
  }

  @Override
  protected void doStop() throws Exception {
    watches.close();
    super.doStop();
  }

  private void route(Request request, Response response, Callback callback) {
    List<String> path =
        Stream.of(Request.getPathInContext(request).split("/", -1))
            .filter(segment -> !segment.isEmpty())
            .toList();
    Optional<Answer> fixed = fixed(path);
    if (fixed.isPresent()) {
      fixed.get().send(response, callback);
      return;
    }
    RequestTarget target = requests.target(RequestPath.parse(path));
    Parameters parameters = parameters(request);
    String accept = request.getHeaders().get(HttpHeader.ACCEPT);
    Representation representation = Representation.of(accept == null ? "" : accept, parameters);
    if (ResourceRequests.isWatch(request.getMethod(), parameters)) {
      WatchRequest watch = WatchRequest.of(target, representation, parameters);
      watches.serve(watch, request, response, callback);
    } else {
      requests
          .answer(request.getMethod(), target, parameters, representation, () -> body(request))
          .send(response, callback);
    }
  }

  /** Answers paths that do not depend on objects; empty for the path of a resource. */
  private Optional<Answer> fixed(List<String> path) {
    String first = path.isEmpty() ? "" : path.get(0);
    Answer answer =
        switch (first) {
          case "healthz", "livez", "readyz" -> Answer.text(200, "ok");
          case "version" -> Answer.of(200, Discovery.version());
          case "openapi" -> document(path.subList(1, path.size()));
          case "api" ->
              switch (path.size()) {
                case 1 -> Answer.of(200, discovery.core());
                case 2 -> Answer.of(200, discovery.resources(path.get(1)));
                default -> null;
              };
          case "apis" ->
              switch (path.size()) {
                case 1 -> Answer.of(200, discovery.groups());
                case 2 -> Answer.of(200, discovery.group(path.get(1)));
                case 3 -> Answer.of(200, discovery.resources(path.get(1) + "/" + path.get(2)));
                default -> null;
              };
          default -> Answer.text(404, "404 page not found\n");
        };
    return Optional.ofNullable(answer);
  }

  private Answer document(List<String> path) {
    if (path.equals(List.of("v3"))) {
      return Answer.of(200, openApi.index());
    }
    if (path.size() > 2 && path.get(0).equals("v3")) {
      return Answer.of(200, openApi.document(String.join("/", path.subList(2, path.size()))));
    }
    return Answer.text(404, "404 page not found\n");
  }

  private static Parameters parameters(Request request) {
    Map<String, String> values = new HashMap<>();
    for (Fields.Field field : Request.extractQueryParameters(request)) {
      values.put(field.getName(), field.getValue());
    }
    String agent = request.getHeaders().get(HttpHeader.USER_AGENT);
    return new Parameters(values, agent == null ? "" : agent);
  }

  private static Body body(Request request) {
    try (InputStream in = Content.Source.asInputStream(request)) {
      byte[] bytes = in.readNBytes(BODY_LIMIT + 1);
      if (bytes.length > BODY_LIMIT) {
        throw ApiException.tooLarge(BODY_LIMIT);
      }
      String type = request.getHeaders().get(HttpHeader.CONTENT_TYPE);
      return new Body(type == null ? Body.JSON : type.replaceFirst(";.*", "").strip(), bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
