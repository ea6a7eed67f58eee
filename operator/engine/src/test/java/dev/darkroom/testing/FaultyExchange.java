package dev.darkroom.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.time.Duration;
import java.util.Optional;

/** One request to a {@link FaultyServer} and the steps of its answer; each step returns this. */
public final class FaultyExchange {

  private final Socket socket;
  private final String request;
  private final OutputStream out;
  private boolean keepsAlive;

  FaultyExchange(Socket socket, String request) throws IOException {
    this.socket = socket;
    this.request = request;
    this.out = new BufferedOutputStream(socket.getOutputStream(), 64 * 1024);
  }

  /** Returns the head of the request, unchanged. */
  public String request() {
    return request;
  }

  /** Returns the value of a header of the request. */
  public Optional<String> header(String name) {
    return request
        .lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** Keeps the connection for another request, instead of closing it. */
  public FaultyExchange keepAlive() {
    keepsAlive = true;
    return this;
  }

  boolean keepsAlive() {
    return keepsAlive;
  }

  /** Sends a status line, header lines and the empty line. */
  public FaultyExchange head(int status, String... headers) throws IOException {
    return raw("HTTP/1.1 " + status + " " + reason(status) + "\r\n")
        .raw(headers.length == 0 ? "" : String.join("\r\n", headers) + "\r\n")
        .raw("\r\n");
  }

  /** Sends text unchanged. */
  public FaultyExchange raw(String text) throws IOException {
    return body(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes unchanged. */
  public FaultyExchange body(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Sends some of the bytes unchanged. */
  public FaultyExchange body(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    return this;
  }

  /**
   * Sends bytes in small groups with a pause after each, until all are sent or the client closes
   * the connection.
   *
   * @param atOnce the bytes between two pauses
   */
  public FaultyExchange drip(byte[] bytes, int atOnce, Duration pause) throws IOException {
    socket.setSoTimeout(Math.toIntExact(pause.toMillis()));
    for (int at = 0; at < bytes.length; at += atOnce) {
      body(bytes, at, Math.min(atOnce, bytes.length - at)).flush();
      try {
        if (socket.getInputStream().read() < 0) {
          return this;
        }
      } catch (SocketTimeoutException e) {
        // The timeout is the pause.
      }
    }
    socket.setSoTimeout(0);
    return this;
  }

  /** Sends text as one chunk of the chunked transfer coding. */
  public FaultyExchange chunk(String text) throws IOException {
    return raw(Integer.toHexString(text.length()) + "\r\n" + text + "\r\n");
  }

  /** Sends the chunk that ends a chunked body. */
  public FaultyExchange lastChunk() throws IOException {
    return raw("0\r\n\r\n");
  }

  /** Flushes the bytes that were sent so far. */
  public FaultyExchange flush() throws IOException {
    out.flush();
    return this;
  }

  /**
   * Copies bytes in both directions between the client and a port of this machine, until both are
   * done.
   */
  public void tunnel(int port) throws IOException {
    head(200).flush();
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), port)) {
      Thread back = new Thread(() -> copy(server, socket), "faulty-tunnel");
      back.setDaemon(true);
      back.start();
      copy(socket, server);
      back.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // One side closed its connection.
    }
  }

  /** Breaks the connection with a TCP reset. */
  public void reset() throws IOException {
    flush();
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Waits until the client closes the connection. */
  public void stall() throws IOException {
    flush();
    while (socket.getInputStream().read() >= 0) {
      // The bytes are ignored.
    }
  }

  private static String reason(int status) {
    return switch (status) {
      case 200 -> "OK";
      case 206 -> "Partial Content";
      case 302 -> "Found";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      default -> "Whatever";
    };
  }
}
