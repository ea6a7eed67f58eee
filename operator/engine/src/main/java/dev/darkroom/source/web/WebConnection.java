package dev.darkroom.source.web;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import org.apache.hc.client5.http.impl.io.DefaultManagedHttpClientConnection;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.ConnectionClosedException;
import org.apache.hc.core5.http.ContentLengthStrategy;
import org.apache.hc.core5.http.config.Http1Config;
import org.apache.hc.core5.http.impl.io.DefaultHttpResponseParserFactory;
import org.apache.hc.core5.http.io.HttpConnectionFactory;
import org.apache.hc.core5.http.io.SessionInputBuffer;
import org.apache.hc.core5.util.Timeout;

/**
 * A connection that is stricter than the library's: an answer must start with a status line (the
 * library skips other lines), and a chunked body must end with its last chunk (the library accepts
 * a line that the end of the connection cuts, so that {@code 0} of {@code 0a00} passes for the last
 * chunk).
 */
final class WebConnection extends DefaultManagedHttpClientConnection {

  /** A larger buffer would only add a copy. */
  private static final int BUFFER = 32 * 1024;

  private static final int MAX_HEADER_LINE = 32 * 1024;
  private static final int MAX_HEADERS = 500;
  private static final Http1Config HTTP1 =
      Http1Config.custom()
          .setBufferSize(BUFFER)
          .setMaxLineLength(MAX_HEADER_LINE)
          .setMaxHeaderCount(MAX_HEADERS)
          .build();

  private WebConnection() {
    super(
        "web",
        null,
        null,
        HTTP1,
        null,
        null,
        null,
        null,
        new DefaultHttpResponseParserFactory(HTTP1));
  }

  /** Makes the connections. */
  static HttpConnectionFactory<ManagedHttpClientConnection> factory() {
    return socket -> create(socket);
  }

  private static ManagedHttpClientConnection create(Socket socket) throws IOException {
    WebConnection connection = new WebConnection();
    if (socket != null) {
      connection.bind(socket);
    }
    return connection;
  }

  /** Unrequested bytes would pass for the answer to the next request. */
  @Override
  public boolean isStale() throws IOException {
    return super.isStale() || isDataAvailable(Timeout.ofMilliseconds(1));
  }

  @Override
  protected InputStream createContentInputStream(
      long length, SessionInputBuffer buffer, InputStream input) {
    boolean chunked = length == ContentLengthStrategy.CHUNKED;
    return super.createContentInputStream(length, buffer, chunked ? new Endless(input) : input);
  }

  /** A chunked body marks its own end, so that an end of the connection is always early. */
  private static final class Endless extends FilterInputStream {

    Endless(InputStream in) {
      super(in);
    }

    @Override
    public int read() throws IOException {
      return requireMore(super.read());
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
      return requireMore(super.read(bytes, offset, length));
    }

    private static int requireMore(int read) throws IOException {
      if (read < 0) {
        throw new ConnectionClosedException("the connection ended inside a chunked body");
      }
      return read;
    }
  }
}
