package dev.darkroom.source.web;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import dev.darkroom.concurrent.DaemonThreads;
import dev.darkroom.source.Seconds;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.policy.HostLookup;
import java.io.Closeable;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * The HTTP client that all sources share. Does nothing by itself: no retries, redirects, cookies,
 * credentials or decompression. Connects only to addresses that its policy allows, checked when a
 * connection is made. A connection belongs to one exchange at a time, and is closed after it unless
 * the request was for a range. Thread-safe.
 */
public final class WebClient implements Closeable {

  private static final int SWEEP_MILLIS = 1000;

  private final WebLimits limits;
  private final AddressPolicy policy;
  private final WebProxies proxies;
  private final WebTransports transports;

  /** Threads that wait for the head of an answer, so that the caller can be interrupted. */
  private final ExecutorService waiters =
      Executors.newCachedThreadPool(DaemonThreads.named("web-"));

  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(DaemonThreads.named("web-sweeper-"));

  /**
   * Makes a client that trusts the certificate authorities of the Java runtime, without proxies.
   */
  public WebClient(WebLimits limits, AddressPolicy policy) {
    this(limits, policy, WebProxies.none());
  }

  /** Makes a client that trusts the certificate authorities of the Java runtime. */
  public WebClient(WebLimits limits, AddressPolicy policy, WebProxies proxies) {
    this(limits, policy, proxies, systemTrust(), HostLookup.SYSTEM);
  }

  /** Makes a client with the trusted certificates of the context, without proxies. */
  public WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust) {
    this(limits, policy, trust, HostLookup.SYSTEM);
  }

  /** Makes a client with its own lookup of hosts. */
  public WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust, HostLookup lookup) {
    this(limits, policy, WebProxies.none(), trust, lookup);
  }

  /** Makes a client with its own lookup of hosts and proxies. */
  public WebClient(
      WebLimits limits,
      AddressPolicy policy,
      WebProxies proxies,
      SSLContext trust,
      HostLookup lookup) {
    this.limits = limits;
    this.policy = policy;
    this.proxies = proxies;
    this.transports = new WebTransports(limits, policy, lookup, trust);
    var unused =
        sweeper.scheduleWithFixedDelay(transports::sweep, SWEEP_MILLIS, SWEEP_MILLIS, MILLISECONDS);
  }

  /**
   * Sends a GET request and waits for the head of the answer, of any status.
   *
   * @throws SourceException {@code BLOCKED} when the policy refuses the address or port; {@code
   *     UNAVAILABLE} when no answer came
   */
  WebExchange get(WebRequest asked) throws SourceException, InterruptedException {
    WebAddress address = asked.address();
    if (!policy.allowsPort(address.port())) {
      throw WebErrors.refusedPort(address, policy);
    }
    Optional<WebProxy> proxy = proxies.forTarget(address);
    if (proxy.isPresent() && isRefused(address)) {
      throw WebErrors.refusedAddress(address);
    }
    WebTransport transport = transports.get(proxy, asked.authorities());
    HttpGet request = new HttpGet(address.uri());
    request.setHeader(HttpHeaders.ACCEPT, "*/*");
    request.setHeader(HttpHeaders.ACCEPT_ENCODING, "identity");
    if (asked.reuse() == WebRequest.Reuse.NONE) {
      request.setHeader(HttpHeaders.CONNECTION, "close");
    }
    asked.headers().forEach(request::setHeader);
    Future<WebExchange> answer;
    try {
      answer = waiters.submit(() -> transport.exchange(address, request));
    } catch (RejectedExecutionException e) {
      throw new SourceException(Kind.UNAVAILABLE, "the client is closed", e);
    }
    // The library's timeouts restart at each byte; this one bounds the whole head.
    Duration timeout = limits.connect().plus(limits.response());
    try {
      return answer.get(timeout.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      request.cancel();
      throw e;
    } catch (TimeoutException e) {
      request.cancel();
      throw new SourceException(
          Kind.UNAVAILABLE,
          address.host().toHostString() + " did not answer within " + Seconds.of(timeout),
          e);
    } catch (ExecutionException e) {
      throw WebErrors.beforeTheHead(address, proxy, limits, e.getCause());
    }
  }

  /** Checks a literal address in the URL; the proxy resolves names. */
  private boolean isRefused(WebAddress address) {
    String host = address.host().getHostName();
    return address.literalAddress().filter(literal -> !policy.allows(host, literal)).isPresent();
  }

  @Override
  public void close() throws IOException {
    sweeper.shutdownNow();
    waiters.shutdown();
    transports.close();
  }

  /** Returns how many connections are open, idle ones and those being opened included. */
  public int openConnections() {
    return transports.openConnections();
  }

  private static SSLContext systemTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
