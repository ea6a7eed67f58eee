package dev.darkroom.e2e.scenario.cluster;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;

/** Listens where a server was, counts who comes, and sends everyone away. */
final class Knocks implements AutoCloseable {

  private static final int BACKLOG = 200;

  private final ServerSocket listener;
  private final AtomicInteger count = new AtomicInteger();

  private Knocks(ServerSocket listener) {
    this.listener = listener;
    Thread thread = new Thread(this::listen, "knocks");
    thread.setDaemon(true);
    thread.start();
  }

  static Knocks at(int port) throws IOException {
    ServerSocket listener = new ServerSocket();
    listener.setReuseAddress(true);
    listener.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), BACKLOG);
    return new Knocks(listener);
  }

  int count() {
    return count.get();
  }

  private void listen() {
    while (!listener.isClosed()) {
      try (Socket knocking = listener.accept()) {
        count.incrementAndGet();
        knocking.setSoLinger(true, 0);
      } catch (IOException e) {
        // It is closed, or who knocked has gone again.
      }
    }
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
