package dev.darkroom.source.web;

import java.io.Closeable;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.io.HttpClientConnection;

/**
 * A request whose answer's head has come, and the connection that the body comes on.
 *
 * @param address that was asked
 * @param limits of the client
 * @param request that was sent
 * @param response with its body unread
 * @param connection that belongs to this exchange alone
 */
record WebExchange(
    WebAddress address,
    WebLimits limits,
    HttpGet request,
    ClassicHttpResponse response,
    HttpClientConnection connection)
    implements Closeable {

  /**
   * Closes the connection at once, from whatever thread: who reads from it gets an exception. (To
   * close the response would read the rest of its body first.)
   */
  @Override
  public void close() {
    request.cancel();
  }
}
