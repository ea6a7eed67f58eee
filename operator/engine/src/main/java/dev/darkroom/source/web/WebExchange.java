package dev.darkroom.source.web;

import java.io.Closeable;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.HttpClientConnection;

/**
 * A request, the head of its answer, and the connection that the body comes on.
 *
 * @param address the requested URL
 * @param limits the limits of the client
 * @param request the request that was sent
 * @param response the answer, its body unread
 * @param connection the connection, which belongs to this exchange alone
 */
record WebExchange(
    WebAddress address,
    WebLimits limits,
    HttpGet request,
    ClassicHttpResponse response,
    HttpClientConnection connection)
    implements Closeable {

  /**
   * Closes the connection immediately; thread-safe. A blocked read ends with an exception. (A close
   * of the response would read the rest of its body first.)
   */
  @Override
  public void close() {
    request.cancel();
  }
}
