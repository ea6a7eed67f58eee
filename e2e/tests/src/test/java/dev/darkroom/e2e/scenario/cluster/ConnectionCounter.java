package dev.darkroom.e2e.scenario.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens on the port of a stopped server, counts connections and closes them. */
final class ConnectionCounter implements AutoCloseable {

  private static final int BACKLOG = 200;

  private final ServerSocket listener;
  private final AtomicInteger count = new AtomicInteger();

  private ConnectionCounter(ServerSocket listener) {
    this.listener = listener;
    Thread thread = new Thread(this::listen, "connection-counter");
    thread.setDaemon(true);
    thread.start();
  }

  static ConnectionCounter at(int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return new ConnectionCounter(listener);
  }

  int count() {
    return count.get();
  }

  private void listen() {
    while (!listener.isClosed()) {
      try (Socket connection = listener.accept()) {
        count.incrementAndGet();
        connection.setSoLinger(true, 0);
      } catch (IOException e) {
        // The listener is closed, or the client disconnected.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
