package dev.darkroom.testing;

import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * A proxy between a client and a server: passes bytes on, records the first bytes of the client,
 * and resets or stalls connections where a test says so.
 */
public final class TcpProxy implements Closeable {

  private static final int REMEMBERED = 1 << 20;

  private final URI target;
  private final ServerSocket listener;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final Set<Socket> sockets = ConcurrentHashMap.newKeySet();
  private final ByteArrayOutputStream said = new ByteArrayOutputStream();
  private final AtomicInteger connections = new AtomicInteger();
  private final Cut up = new Cut();
  private final Cut down = new Cut();
  private volatile long stallAfter = Long.MAX_VALUE;

  private TcpProxy(URI target) throws IOException {
    this.target = target;
    this.listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    threads.execute(this::accept);
  }

  /** The byte limits of connections in one direction. */
  private static final class Cut {

    private final AtomicLong after = new AtomicLong(Long.MAX_VALUE);
    private final AtomicInteger times = new AtomicInteger();

    void set(long bytes, int count) {
      after.set(bytes);
      times.set(count);
    }

    boolean strikes(long count) {
      return count > after.get() && times.getAndDecrement() > 0;
    }
  }

  /** Starts a proxy for a server on this machine. */
  public static TcpProxy before(URI server) throws IOException {
    return new TcpProxy(server);
  }

  /** Returns the address of the proxy. */
  public URI endpoint() {
    return URI.create(target.getScheme() + "://127.0.0.1:" + listener.getLocalPort());
  }

  /** Resets the next so many connections with more than so many bytes to the server. */
  public void cutUploads(long bytes, int count) {
    up.set(bytes, count);
  }

  /** Resets the next so many connections with more than so many bytes from the server. */
  public void cutDownloads(long bytes, int count) {
    down.set(bytes, count);
  }

  /** Stalls each connection after so many bytes from the server, and keeps it open. */
  public void stallDownloads(long bytes) {
    stallAfter = bytes;
  }

  /** Returns the bytes of clients, up to a mebibyte, as Latin 1. */
  public String said() {
    synchronized (said) {
      return said.toString(StandardCharsets.ISO_8859_1);
    }
  }

  /** Returns the number of connections. */
  public int connections() {
    return connections.get();
  }

  private void accept() {
    while (!listener.isClosed()) {
      try {
        Socket client = listener.accept();
        connections.incrementAndGet();
        Socket server = new Socket(target.getHost(), target.getPort());
        sockets.add(client);
        sockets.add(server);
        threads.execute(() -> pass(client, server, this::upward));
        threads.execute(() -> pass(server, client, this::downward));
      } catch (IOException e) {
        // The proxy is closed or the server is down: the client notices.
      }
    }
  }

  private interface Watch {
    /** Returns whether to reset the connection instead of passing the bytes on. */
    boolean strikes(byte[] bytes, int length, long count) throws InterruptedException;
  }

  private boolean upward(byte[] bytes, int length, long count) {
    synchronized (said) {
      said.write(bytes, 0, Math.min(length, Math.max(0, REMEMBERED - said.size())));
    }
    return up.strikes(count);
  }

  private boolean downward(byte[] bytes, int length, long count) throws InterruptedException {
    synchronized (this) {
      while (count > stallAfter) {
        wait();
      }
    }
    return down.strikes(count);
  }

  private void pass(Socket from, Socket to, Watch watch) {
    byte[] buffer = new byte[16 << 10];
    long count = 0;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      for (int length = in.read(buffer); length >= 0; length = in.read(buffer)) {
        count += length;
        if (watch.strikes(buffer, length, count)) {
          from.setSoLinger(true, 0);
          to.setSoLinger(true, 0);
          return;
        }
        out.write(buffer, 0, length);
      }
    } catch (IOException e) {
      // The other direction, or one of the peers, has closed the connection.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      sockets.remove(from);
      sockets.remove(to);
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
    threads.shutdownNow();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
