package dev.darkroom.source.web;

import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;
import org.apache.hc.client5.http.auth.AuthScope;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.auth.BasicCredentialsProvider;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.io.CloseMode;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;

/**
 * The connections with the same trusted certificates and the same proxy, and the library's client.
 * A connection is used again only when its answer was read to the end and no byte followed.
 * Thread-safe.
 */
final class WebTransport implements Closeable {

  private static final int CONNECTIONS = 1024;
  private static final String CONNECTION = WebTransport.class.getName();

  private final WebLimits limits;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient http;

  /**
   * Connects to the addresses of the resolver, with the trusted certificates of the context.
   *
   * @param proxy makes the connections to the servers; then the resolver resolves only the proxy
   */
  WebTransport(WebLimits limits, DnsResolver resolver, SSLContext trust, Optional<WebProxy> proxy) {
    this.limits = limits;
    this.connections = connections(timeout(limits.connect()), resolver, trust);
    this.http = client(limits, connections, proxy);
  }

  /**
   * Sends a request and waits for the head of the answer. Retries on another connection when the
   * server closes a kept connection just before its use.
   */
  WebExchange exchange(WebAddress address, HttpGet request) throws IOException {
    HttpClientContext context = HttpClientContext.create();
    try {
      return exchange(address, request, context);
    } catch (IOException e) {
      if (!request.isCancelled() && wasUsedBefore(context)) {
        connections.closeIdle(TimeValue.ZERO_MILLISECONDS);
        return exchange(address, request, HttpClientContext.create());
      }
      throw e;
    }
  }

  /** Closes the connections that have been idle for so long. */
  void closeIdle(Duration since) {
    connections.closeIdle(TimeValue.ofMilliseconds(since.toMillis()));
  }

  /** Returns how many connections are open, idle ones and those being opened included. */
  int openConnections() {
    PoolStats stats = connections.getTotalStats();
    return stats.getLeased() + stats.getAvailable() + stats.getPending();
  }

  @Override
  public void close() {
    http.close(CloseMode.GRACEFUL);
  }

  private WebExchange exchange(WebAddress address, HttpGet request, HttpClientContext context)
      throws IOException {
    ClassicHttpResponse response = http.executeOpen(address.host(), request, context);
    HttpClientConnection connection = connection(context);
    if (address.isSecure() && connection.getSSLSession() == null) {
      // The proxy's answer is untrusted.
      request.cancel();
      throw new TunnelRefusedException(response.getCode());
    }
    connection.setSocketTimeout(timeout(limits.readIdle()));
    return new WebExchange(address, limits, request, response, connection);
  }

  private static boolean wasUsedBefore(HttpClientContext context) {
    return Optional.ofNullable(connection(context))
        .map(HttpClientConnection::getEndpointDetails)
        .filter(details -> details.getResponseCount() > 0)
        .isPresent();
  }

  private static HttpClientConnection connection(HttpClientContext context) {
    return (HttpClientConnection) context.getAttribute(CONNECTION);
  }

  private static CloseableHttpClient client(
      WebLimits limits, PoolingHttpClientConnectionManager connections, Optional<WebProxy> proxy) {
    BasicCredentialsProvider known = new BasicCredentialsProvider();
    proxy
        .flatMap(WebProxy::credentials)
        .ifPresent(
            secret -> known.setCredentials(new AuthScope(proxy.orElseThrow().host()), secret));
    RequestConfig requests =
        RequestConfig.custom()
            .setConnectionRequestTimeout(timeout(limits.connect()))
            .setResponseTimeout(timeout(limits.response()))
            .setContentCompressionEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .setAuthenticationEnabled(proxy.flatMap(WebProxy::credentials).isPresent())
            .build();
    return HttpClients.custom()
        .setUserAgent("darkroom/" + version())
        .setDefaultRequestConfig(requests)
        .setConnectionManager(connections)
        .setRequestExecutor(new TellingExecutor())
        .setProxy(proxy.map(WebProxy::host).orElse(null))
        .setDefaultCredentialsProvider(known)
        .disableAutomaticRetries()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression()
        .disableCookieManagement()
        .disableRedirectHandling()
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(
      Timeout connect, DnsResolver resolver, SSLContext trust) {
    // No receive buffer size is set: it would disable the kernel's automatic sizing.
    return new DirectConnections()
        .setDnsResolver(resolver)
        .setConnectionFactory(WebConnection.factory())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom()
                .setConnectTimeout(connect)
                .setSocketTimeout(connect)
                .setValidateAfterInactivity(TimeValue.ZERO_MILLISECONDS)
                .build())
        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
        .setMaxConnTotal(CONNECTIONS)
        .setMaxConnPerRoute(CONNECTIONS)
        .build();
  }

  /** The proxy refused the connection to a server. */
  static final class TunnelRefusedException extends IOException {

    private static final long serialVersionUID = 1L;

    private final int status;

    TunnelRefusedException(int status) {
      super("the proxy answered " + status);
      this.status = status;
    }

    int status() {
      return status;
    }
  }

  /** Stores the connection of the exchange in the context. */
  private static final class TellingExecutor extends HttpRequestExecutor {

    @Override
    public ClassicHttpResponse execute(
        ClassicHttpRequest request,
        HttpClientConnection connection,
        HttpResponseInformationCallback information,
        HttpContext context)
        throws IOException, HttpException {
      context.setAttribute(CONNECTION, connection);
      return super.execute(request, connection, information, context);
    }
  }

  private static Timeout timeout(Duration duration) {
    return Timeout.of(duration);
  }

  private static String version() {
    return Optional.ofNullable(WebTransport.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }
}
