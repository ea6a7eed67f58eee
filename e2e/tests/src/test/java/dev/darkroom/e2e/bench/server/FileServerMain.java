package dev.darkroom.e2e.bench.server;

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
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A web server with minimal cost, so that it does not disturb measurements on the same cores: the
 * kernel sends files from its page cache (sendfile). Answers GET with a file or one range of it
 * (RFC 9110, section 14), with persistent connections. {@code /sent} returns the number of bytes of
 * files sent.
 */
public final class FileServerMain {

  private static final int MAX_HEAD = 16 << 10;

  /** The granularity of the count of bytes sent, per connection. */
  private static final int COUNTED_BYTES = 256 << 10;

  private static final Pattern RANGE = Pattern.compile("(?im)^Range: *bytes=(\\d+)-(\\d*) *$");
  private static final Pattern CLOSE = Pattern.compile("(?im)^Connection: *close *$");

  private final Path directory;
  private final AtomicLong sent = new AtomicLong();

  private FileServerMain(Path directory) {
    this.directory = directory;
  }

  /**
   * Serves the directory in its argument on a port that it prints, until the end of its standard
   * input; it never outlives its parent process.
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
      // Input is ignored; only its end matters.
    }
  }

  private void accept(ServerSocketChannel listening, ExecutorService threads) {
    while (true) {
      try {
        SocketChannel connection = listening.accept();
        threads.execute(() -> serve(connection));
      } catch (IOException e) {
        System.err.println("The file server stopped: " + e);
        return;
      }
    }
  }

  private void serve(SocketChannel connection) {
    try (connection) {
      Optional<String> request = request(connection);
      while (request.isPresent()) {
        answer(connection, request.get());
        request = CLOSE.matcher(request.get()).find() ? Optional.empty() : request(connection);
      }
    } catch (IOException e) {
      System.err.println("The file server lost a client: " + e);
    }
  }

  private void answer(SocketChannel connection, String request) throws IOException {
    int start = request.indexOf(" /") + 2;
    String name = request.substring(start, request.indexOf(' ', start));
    Path file = directory.resolve(name).normalize();
    if (name.equals(FileServer.SENT)) {
      String count = Long.toString(sent.get());
      send(connection, "200 OK", "Content-Length: %d".formatted(count.length()));
      connection.write(ByteBuffer.wrap(count.getBytes(StandardCharsets.US_ASCII)));
    } else if (!file.startsWith(directory) || !Files.isRegularFile(file)) {
      send(connection, "404 Not Found", "Content-Length: 0");
    } else {
      try (FileChannel content = FileChannel.open(file)) {
        send(connection, content, RANGE.matcher(request));
      }
    }
  }

  private void send(SocketChannel connection, FileChannel content, Matcher range)
      throws IOException {
    long size = content.size();
    String same = "Accept-Ranges: bytes\r\nETag: \"%d\"\r\n".formatted(size);
    long first = 0;
    long end = size;
    if (range.find()) {
      first = Long.parseLong(range.group(1));
      end = range.group(2).isEmpty() ? size : Math.min(size, Long.parseLong(range.group(2)) + 1);
      send(
          connection,
          "206 Partial Content",
          "%sContent-Range: bytes %d-%d/%d\r\nContent-Length: %d"
              .formatted(same, first, end - 1, size, end - first));
    } else {
      send(connection, "200 OK", "%sContent-Length: %d".formatted(same, size));
    }
    for (long at = first; at < end; ) {
      long count = content.transferTo(at, Math.min(end - at, COUNTED_BYTES), connection);
      sent.addAndGet(count);
      at += count;
    }
  }

  /** The head of the next request; empty when there is none. */
  private static Optional<String> request(SocketChannel connection) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate(MAX_HEAD);
    String head = "";
    while (!head.contains("\r\n\r\n")) {
      if (connection.read(bytes) <= 0) {
        return Optional.empty();
      }
      head = new String(bytes.array(), 0, bytes.position(), StandardCharsets.US_ASCII);
    }
    return Optional.of(head);
  }

  private static void send(SocketChannel connection, String status, String headers)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.wrap(
            ("HTTP/1.1 " + status + "\r\n" + headers + "\r\n\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    while (bytes.hasRemaining()) {
      connection.write(bytes);
    }
  }
}
