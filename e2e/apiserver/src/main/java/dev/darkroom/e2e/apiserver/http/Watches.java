package dev.darkroom.e2e.apiserver.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.darkroom.e2e.apiserver.model.Json;
import dev.darkroom.e2e.apiserver.storage.ObjectStore;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.websocket.api.Session;
import org.eclipse.jetty.websocket.server.ServerWebSocketContainer;

/** All open watches: over chunked HTTP and over WebSockets. */
final class Watches implements AutoCloseable {
  private final ObjectStore store;
  private final ServerWebSocketContainer webSockets;
  private final Future<?> bookmarks;

  /** The open streams, each with the task that ends it on timeout. */
  private final Map<WatchStream, Future<?>> open = new ConcurrentHashMap<>();

  private final ScheduledThreadPoolExecutor clock =
      new ScheduledThreadPoolExecutor(
          1,
          task -> {
            Thread thread = new Thread(task, "apiserver-watch-clock");
            thread.setDaemon(true);
            return thread;
          });

  Watches(ObjectStore store, ServerWebSocketContainer webSockets, Duration bookmarkInterval) {
    this.store = store;
    this.webSockets = webSockets;
    webSockets.setIdleTimeout(Duration.ZERO);
    clock.setRemoveOnCancelPolicy(true);
    bookmarks =
        clock.scheduleAtFixedRate(
            () -> open.keySet().forEach(WatchStream::bookmark),
            bookmarkInterval.toMillis(),
            bookmarkInterval.toMillis(),
            TimeUnit.MILLISECONDS);
  }

  /** Ends all watches. */
  @Override
  public void close() {
    bookmarks.cancel(false);
    clock.shutdownNow();
    open.keySet().forEach(WatchStream::stop);
  }

  /**
   * Answers with a stream: over a WebSocket if the client requested one, else over chunked HTTP.
   */
  void serve(WatchRequest watch, Request request, Response response, Callback callback) {
    // Clients also send "Upgrade: h2c", which the server may ignore.
    if ("websocket".equalsIgnoreCase(request.getHeaders().get(HttpHeader.UPGRADE))) {
      webSockets.upgrade(
          (upgrade, answer, done) -> new WatchSocket(watch), request, response, callback);
      return;
    }
    response.setStatus(200);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/json");
    response.getHeaders().put(HttpHeader.CACHE_CONTROL, "no-cache, private");
    WatchStream stream = stream(watch, new ChunkedSink(response, callback));
    // Send the headers at once, not together with the first event.
    response.write(
        false, ByteBuffer.allocate(0), Callback.from(() -> start(watch, stream), callback::failed));
  }

  private WatchStream stream(WatchRequest watch, WatchStream.Sink sink) {
    return new WatchStream(watch, store, sink, webSockets.getExecutor(), this::ended);
  }

  private void start(WatchRequest watch, WatchStream stream) {
    open.put(
        stream,
        watch.timeoutSeconds() > 0
            ? clock.schedule(stream::stop, watch.timeoutSeconds(), TimeUnit.SECONDS)
            : CompletableFuture.completedFuture(stream));
    stream.start();
  }

  private void ended(WatchStream stream) {
    Optional.ofNullable(open.remove(stream)).ifPresent(timeout -> timeout.cancel(false));
  }

  /** Sends one JSON document per line, as chunks of one long response. */
  private record ChunkedSink(Response response, Callback callback) implements WatchStream.Sink {
    @Override
    public void send(ObjectNode event, Callback sent) {
      String line = Json.write(event) + "\n";
      response.write(false, ByteBuffer.wrap(line.getBytes(StandardCharsets.UTF_8)), sent);
    }

    @Override
    public void end() {
      response.write(true, ByteBuffer.allocate(0), callback);
    }

    @Override
    public void fail(Throwable cause) {
      callback.failed(cause);
    }
  }

  /** Sends one JSON document per WebSocket message. */
  private record SocketSink(Session session) implements WatchStream.Sink {
    @Override
    public void send(ObjectNode event, Callback sent) {
      session.sendText(
          Json.write(event),
          org.eclipse.jetty.websocket.api.Callback.from(sent::succeeded, sent::failed));
    }

    @Override
    public void end() {
      session.close();
    }

    @Override
    public void fail(Throwable cause) {
      session.disconnect();
    }
  }

  /** The server side of a WebSocket; public because Jetty calls it by reflection. */
  public final class WatchSocket implements Session.Listener.AutoDemanding {
    private final WatchRequest watch;
    private volatile WatchStream stream;

    private WatchSocket(WatchRequest watch) {
      this.watch = watch;
    }

    @Override
    public void onWebSocketOpen(Session session) {
      stream = stream(watch, new SocketSink(session));
      start(watch, stream);
    }

    @Override
    public void onWebSocketClose(
        int code, String reason, org.eclipse.jetty.websocket.api.Callback callback) {
      stream.stop();
      callback.succeed();
    }

    @Override
    public void onWebSocketError(Throwable cause) {
      stream.stop();
    }
  }
}
