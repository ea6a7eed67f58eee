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

/** One request to a {@link FaultyServer} and what may be done with it; each step returns this. */
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

  /** The head of the request, as it came. */
  public String request() {
    return request;
  }

  /** The value of a header of the request. */
  public Optional<String> header(String name) {
    return request
        .lines()
        .skip(1)
        .filter(line -> line.regionMatches(true, 0, name + ":", 0, name.length() + 1))
        .map(line -> line.substring(name.length() + 1).strip())
        .findFirst();
  }

  /** Waits for another request on the connection after this one, instead of closing it. */
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

  /** Sends text as it is. */
  public FaultyExchange raw(String text) throws IOException {
    return body(text.getBytes(ISO_8859_1));
  }

  /** Sends bytes as they are. */
  public FaultyExchange body(byte[] bytes) throws IOException {
    out.write(bytes);
    return this;
  }

  /** Sends some of the bytes as they are. */
  public FaultyExchange body(byte[] bytes, int offset, int length) throws IOException {
    out.write(bytes, offset, length);
    return this;
  }

  /**
   * Sends bytes a few at a time, with a pause after each, until all are sent or the client left.
   *
   * @param atOnce how many between two pauses
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
        // That was the pause.
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

  /** Makes sure that what was sent so far is on its way. */
  public FaultyExchange flush() throws IOException {
    out.flush();
    return this;
  }

  /** Hands bytes to and fro between the client and a port of this machine, until both are done. */
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
      // One of the two left.
    }
  }

  /** Breaks the connection with a TCP reset. */
  public void reset() throws IOException {
    flush();
    socket.setSoLinger(true, 0);
    socket.close();
  }

  /** Does nothing more until the client has left; the connection stays open. */
  public void stall() throws IOException {
    flush();
    while (socket.getInputStream().read() >= 0) {
      // Whatever it says.
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
