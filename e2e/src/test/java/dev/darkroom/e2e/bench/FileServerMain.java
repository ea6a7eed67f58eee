package dev.darkroom.e2e.bench;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/**
 * A web server that costs next to nothing, so that it takes nothing away from what is measured on
 * the same cores: the kernel sends files from its page cache (sendfile), which no server library of
 * ours does. It answers GET with the whole file, one request a connection (RFC 9112), and that is
 * all it can do.
 */
public final class FileServerMain {

  private static final int MAX_HEAD = 16 << 10;

  private final Path directory;

  private FileServerMain(Path directory) {
    this.directory = directory;
  }

  /**
   * Serves the directory that is its argument, on a port that it prints, until its standard input
   * ends: so it never outlives the process that started it.
   */
  public static void main(String[] args) throws IOException {
    FileServerMain server = new FileServerMain(Path.of(args[0]));
    ExecutorService threads =
        Executors.newCachedThreadPool(
            task -> {
              Thread thread = new Thread(task, "file-server");
              thread.setDaemon(true);
              return thread;
            });
    ServerSocketChannel listening = ServerSocketChannel.open();
    listening.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    threads.execute(() -> server.accept(listening, threads));
    System.out.println(((InetSocketAddress) listening.getLocalAddress()).getPort());
    System.out.flush();
    while (System.in.read() >= 0) {
      // Nothing is said to it; it waits for the end.
    }
  }

  private void accept(ServerSocketChannel listening, ExecutorService threads) {
    while (true) {
      try {
        SocketChannel connection = listening.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        System.err.println("The file server can't go on: " + e);
        return;
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      Path file = directory.resolve(requested(connection)).normalize();
      if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
        send(connection, "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n");
        return;
      }
      try (FileChannel content = FileChannel.open(file)) {
        long size = content.size();
        send(
            connection,
            "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n"
                .formatted(size));
        for (long at = 0; at < size; ) {
          at += content.transferTo(at, size - at, connection);
        }
      }
    } catch (IOException e) {
      System.err.println("The file server lost a client: " + e);
    }
  }

  /** The path that the request asks for, without its first slash. */
  private static String requested(SocketChannel connection) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_HEAD);
    String head = "";
    while (!head.contains("\r\n\r\n")) {
      if (connection.read(bytes) <= 0) {
        throw new IOException("no request");
      }
      head = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }
    int start = head.indexOf(" /") + 2;
    return head.substring(start, head.indexOf(' ', start));
  }

  private static void send(SocketChannel connection, String head) throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap((head + "Connection: close\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }
}
