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
 * A web server that does on each path what a script says, lies included: it works on the bare
 * socket and checks nothing. When the script ends the connection is closed in an orderly way, or
 * kept for another request if the script says so.
 *
 * <pre>
 * FaultyServer server = FaultyServer.start();
 * server.on("/disk", exchange -&gt; exchange.head(200, "Content-Length: 10").body("01234").reset());
 * … server.url("/disk") …
 * </pre>
 */
public final class FaultyServer implements Closeable {

  /** What to do with one request. */
  @FunctionalInterface
  public interface Script {
    /** Answers, or does not. */
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
   * @param port 0 for a free one
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

  /** What is done on a path from now on; a query does not count. Other paths are a 404. */
  public FaultyServer on(String path, Script script) {
    scripts.put(path, script);
    return this;
  }

  /** The URL of a path, which may have a query. */
  public String url(String path) {
    return scheme + "://" + listener.getInetAddress().getHostAddress() + ":" + port() + path;
  }

  /** The port that it listens on. */
  public int port() {
    return listener.getLocalPort();
  }

  /** How many connections were made to it, with a request or without. */
  public int connections() {
    return connections.get();
  }

  /** How many of them are open now. */
  public int openConnections() {
    return sockets.size();
  }

  /** The heads of all requests so far, as they came, oldest first. */
  public List<String> requests() {
    return List.copyOf(requests);
  }

  /** Drops all connections and stops listening. */
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
        // As long as the scripts keep the connection alive.
      }
    } catch (IOException e) {
      // The client left, which is its right.
    } finally {
      sockets.remove(socket);
    }
  }

  /** Whether another request may come on the connection. */
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

  /** Empty when it is none, such as the beginning of TLS. */
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
