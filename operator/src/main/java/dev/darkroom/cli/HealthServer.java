package dev.darkroom.cli;

import java.nio.charset.StandardCharsets;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.http.HttpMethod;
import org.eclipse.jetty.http.HttpStatus;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/**
 * Serves health and metrics over HTTP: {@code /livez} returns 200 while the process runs, {@code
 * /readyz} returns 200 when it is ready and 503 when not, {@code /metrics} returns metrics for
 * Prometheus. An API server that does not answer makes the process not ready, but not dead: a
 * restart would not help.
 */
final class HealthServer implements AutoCloseable {

  /** An HTTP response. */
  private record HealthResponse(int status, String type, String text) {}

  private static final String TEXT = "text/plain";
  private static final String PROMETHEUS = "text/plain; version=0.0.4; charset=utf-8";
  private static final HealthResponse OK = new HealthResponse(HttpStatus.OK_200, TEXT, "ok\n");
  private static final HealthResponse NOT_READY =
      new HealthResponse(HttpStatus.SERVICE_UNAVAILABLE_503, TEXT, "not ready\n");
  private static final int THREADS = 8;

  private final Server server;
  private final ServerConnector connector;

  private HealthServer(Server server, ServerConnector connector) {
    this.server = server;
    this.connector = connector;
  }

  /**
   * Starts the server.
   *
   * @param port 0 for any free port
   * @param ready called at each request of {@code /readyz}
   * @param metrics called at each request of {@code /metrics}; in the Prometheus text format
   * @throws CommandException when the port can't be opened
   */
  static HealthServer start(int port, BooleanSupplier ready, Supplier<String> metrics)
      throws CommandException {
    QueuedThreadPool threads = new QueuedThreadPool(THREADS, 2);
    threads.setName("health");
    threads.setDaemon(true);
    Server server = new Server(threads);
    ServerConnector connector = new ServerConnector(server, 1, 1);
    connector.setPort(port);
    server.addConnector(connector);
    server.setHandler(
        new Handler.Abstract() {
          @Override
          public boolean handle(Request request, Response response, Callback callback) {
            return switch (Request.getPathInContext(request)) {
              case "/livez" -> answer(request, response, callback, () -> OK);
              case "/readyz" ->
                  answer(request, response, callback, () -> ready.getAsBoolean() ? OK : NOT_READY);
              case "/metrics" ->
                  answer(
                      request,
                      response,
                      callback,
                      () -> new HealthResponse(HttpStatus.OK_200, PROMETHEUS, metrics.get()));
              default -> false;
            };
          }
        });
    HealthServer health = new HealthServer(server, connector);
    try {
      server.start();
    } catch (Exception e) {
      health.close();
      throw new CommandException(
          "The health port " + port + " can't be opened: " + CommandErrors.sentence(e) + ".", e);
    }
    return health;
  }

  int port() {
    return connector.getLocalPort();
  }

  private static boolean answer(
      Request request, Response response, Callback callback, Supplier<HealthResponse> content) {
    if (!HttpMethod.GET.is(request.getMethod()) && !HttpMethod.HEAD.is(request.getMethod())) {
      response.getHeaders().put(HttpHeader.ALLOW, "GET, HEAD");
      Response.writeError(request, response, callback, HttpStatus.METHOD_NOT_ALLOWED_405);
      return true;
    }
    HealthResponse body = content.get();
    response.setStatus(body.status());
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, body.type());
    response.write(true, StandardCharsets.UTF_8.encode(body.text()), callback);
    return true;
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException("the health server did not stop", e);
    }
  }
}
