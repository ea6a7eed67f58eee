package dev.darkroom.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;

/**
 * A web server that follows a script for each path, also with invalid answers: it writes to the
 * bare socket and checks nothing. At the end of the script it closes the connection in an orderly
 * way, or keeps it for another request if the script says so.
 *
 * <pre>
 * FaultyServer server = FaultyServer.start();
 * server.on("/disk", exchange -&gt; exchange.head(200, "Content-Length: 10").body("01234").reset());
 * … server.url("/disk") …
 * </pre>
 */
public final class FaultyServer implements Closeable {

  /** The script of one request. */
  @FunctionalInterface
  public interface Script {
    /** Answers the request, or does not. */
    void play(FaultyExchange exchange) throws IOException;
  }

  private final ServerSocket listener;
  private final String scheme;
  private final Map<String, Script> scripts = new ConcurrentHashMap<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ExecutorService threads =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "faulty-server");
            thread.setDaemon(true);
            return thread;
          });

  private FaultyServer(ServerSocket listener, String scheme) {
    this.listener = listener;
    this.scheme = scheme;
    threads.execute(this::accept);
  }

  /** Listens on a free port of the loopback address. */
  public static FaultyServer start() throws IOException {
    return startAt(InetAddress.getLoopbackAddress(), 0);
  }

  /**
   * Listens at an address of this machine, such as 127.0.0.2.
   *
   * @param port 0 for a free port
   */
  public static FaultyServer startAt(InetAddress address, int port) throws IOException {
    return new FaultyServer(new ServerSocket(port, 50, address), "http");
  }

  /** As {@link #start}, with TLS. */
  public static FaultyServer startTls(SSLContext identity) throws IOException {
    return new FaultyServer(
        identity
            .getServerSocketFactory()
            .createServerSocket(0, 50, InetAddress.getLoopbackAddress()),
        "https");
  }

  /** Sets the script of a path; the query is ignored. Other paths are a 404. */
  public FaultyServer on(String path, Script script) {
    scripts.put(path, script);
    return this;
  }

  /** Returns the URL of a path, which may have a query. */
  public String url(String path) {
    return scheme + "://" + listener.getInetAddress().getHostAddress() + ":" + port() + path;
  }

  /** Returns the port. */
  public int port() {
    return listener.getLocalPort();
  }

  /** Returns how many connections were made, with or without a request. */
  public int connections() {
    return connections.get();
  }

  /** Returns how many connections are open. */
  public int openConnections() {
    return sockets.size();
  }

  /** Returns the heads of all requests so far, unchanged, oldest first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Closes all connections and stops listening. */
  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets) {
      socket.close();
    }
    threads.shutdown();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket socket = listener.accept();
        connections.incrementAndGet();
        sockets.add(socket);
        threads.execute(() -> serve(socket));
      } catch (SocketException | RejectedExecutionException e) {
        return;
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket) {
      while (serveOne(socket)) {
        // Continues while the scripts keep the connection.
      }
    } catch (IOException e) {
      // The client may close the connection at any time.
    } finally {
      sockets.remove(socket);
    }
  }

  /** Returns whether the connection is kept for another request. */
  private boolean serveOne(Socket socket) throws IOException {
    String head = readHead(socket);
    if (head.isEmpty()) {
      socket.getOutputStream().write("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(ISO_8859_1));
      return false;
    }
    requests.add(head);
    String path = head.split(" ", 3)[1].split("\\?", 2)[0];
    FaultyExchange exchange = new FaultyExchange(socket, head);
    scripts.getOrDefault(path, e -> e.head(404, "Content-Length: 0")).play(exchange);
    exchange.flush();
    return exchange.keepsAlive();
  }

  /** Empty when the bytes are no request, such as the start of TLS. */
  private static String readHead(Socket socket) throws IOException {
    StringBuilder head = new StringBuilder();
    while (head.indexOf("\r\n\r\n") < 0) {
      int next = socket.getInputStream().read();
      if (next < 0 || (head.isEmpty() && !Character.isUpperCase(next))) {
        return "";
      }
      head.append(new String(new byte[] {(byte) next}, ISO_8859_1));
    }
    return head.toString();
  }
}
