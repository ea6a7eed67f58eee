package dev.darkroom.source;

import dev.darkroom.source.SourceException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManager;
import org.apache.hc.client5.http.io.HttpClientConnectionManager;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.HttpHeaders;
import org.apache.hc.core5.http.impl.io.HttpRequestExecutor;
import org.apache.hc.core5.http.io.HttpClientConnection;
import org.apache.hc.core5.http.io.HttpResponseInformationCallback;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.pool.PoolStats;
import org.apache.hc.core5.util.Timeout;

/**
 * The one HTTP client that sources share. It does what it is asked and nothing by itself: no
 * retries, redirects, cookies, credentials, decompression or proxies. It connects only to what its
 * address policy allows. Each exchange has a connection of its own, which is closed after it. Safe
 * for use by many threads.
 */
public final class WebClient implements Closeable {

  private static final int CONNECTIONS = 1024;
  private static final String CONNECTION = WebClient.class.getName();
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final WebLimits limits;
  private final AddressPolicy policy;
  private final PoolingHttpClientConnectionManager connections;
  private final CloseableHttpClient http;

  /** Threads that wait for an answer's head, so that the caller can be interrupted meanwhile. */
  private final ExecutorService waiters =
      Executors.newCachedThreadPool(
          work -> {
            Thread thread = new Thread(work, "web-" + COUNT.incrementAndGet());
            thread.setDaemon(true);
            return thread;
          });

  /** A client that trusts the certificate authorities of the Java runtime. */
  public WebClient(WebLimits limits, AddressPolicy policy) {
    this(limits, policy, systemTrust());
  }

  /** A client that trusts whom the context trusts. */
  public WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust) {
    this(limits, policy, trust, HostLookup.SYSTEM);
  }

  /** A client that looks up hosts in its own way. */
  WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust, HostLookup lookup) {
    this.limits = limits;
    this.policy = policy;
    this.connections =
        connections(timeout(limits.connect()), new GuardedResolver(policy, lookup), trust);
    this.http = build(limits, connections);
  }

  /**
   * Sends a GET request and waits for the head of the answer, whatever its status.
   *
   * @throws SourceException {@code BLOCKED} when the policy does not allow the address or port;
   *     {@code UNAVAILABLE} when no answer came
   */
  WebExchange get(WebAddress address) throws SourceException, InterruptedException {
    if (!policy.allowsPort(address.port())) {
      throw WebTrouble.refusedPort(address, policy);
    }
    HttpGet request = new HttpGet(address.uri());
    request.setHeader(HttpHeaders.ACCEPT, "*/*");
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    request.setHeader(HttpHeaders.CONNECTION, "close");
    Future<WebExchange> answer = waiters.submit(() -> exchange(address, request));
    // The client's own time-outs count from byte to byte; this one is for heads that drip.
    Duration patience = limits.connect().plus(limits.response());
    try {
      return answer.get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      request.cancel();
      throw e;
    } catch (TimeoutException e) {
      request.cancel();
      throw new SourceException(
          Kind.UNAVAILABLE,
          address.host().toHostString() + " did not answer within " + WebTrouble.seconds(patience),
          e);
    } catch (ExecutionException e) {
      throw WebTrouble.beforeTheHead(address, limits, e.getCause());
    }
  }

  private WebExchange exchange(WebAddress address, HttpGet request) throws IOException {
    HttpClientContext context = HttpClientContext.create();
    ClassicHttpResponse response = http.executeOpen(address.host(), request, context);
    HttpClientConnection connection = (HttpClientConnection) context.getAttribute(CONNECTION);
    connection.setSocketTimeout(timeout(limits.readIdle()));
    return new WebExchange(address, limits, request, response, connection);
  }

  @Override
  public void close() throws IOException {
    waiters.shutdown();
    http.close();
  }

  /** How many connections are open, or about to be. */
  int openConnections() {
    PoolStats stats = connections.getTotalStats();
    return stats.getLeased() + stats.getAvailable() + stats.getPending();
  }

  private static CloseableHttpClient build(
      WebLimits limits, HttpClientConnectionManager connections) {
    RequestConfig requests =
        RequestConfig.custom()
            .setConnectionRequestTimeout(timeout(limits.connect()))
            .setResponseTimeout(timeout(limits.response()))
            .setContentCompressionEnabled(false)
            .setProtocolUpgradeEnabled(false)
            .setAuthenticationEnabled(false)
            .build();
    return HttpClients.custom()
        .setUserAgent("darkroom/" + version())
        .setDefaultRequestConfig(requests)
        .setConnectionManager(connections)
        .setRequestExecutor(new TellingExecutor())
        .disableAutomaticRetries()
        .disableAuthCaching()
        .disableConnectionState()
        .disableContentCompression()
        .disableCookieManagement()
        .disableRedirectHandling()
        .build();
  }

  private static PoolingHttpClientConnectionManager connections(
      Timeout connect, GuardedResolver resolver, SSLContext trust) {
    // No receive buffer size is set: it would switch off the kernel's own, better sizing.
    return new DirectConnections()
        .setDnsResolver(resolver)
        .setConnectionFactory(WebConnection.factory())
        .setDefaultConnectionConfig(
            ConnectionConfig.custom().setConnectTimeout(connect).setSocketTimeout(connect).build())
        .setTlsSocketStrategy(new DefaultClientTlsStrategy(trust))
        .setMaxConnTotal(CONNECTIONS)
        .setMaxConnPerRoute(CONNECTIONS)
        .build();
  }

  /** Tells, through the context, on which connection the exchange is. */
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
    return Optional.ofNullable(WebClient.class.getPackage().getImplementationVersion())
        .orElse("unreleased");
  }

  private static SSLContext systemTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
