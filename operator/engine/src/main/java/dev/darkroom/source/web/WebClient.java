package dev.darkroom.source.web;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

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
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * The one HTTP client that sources share. It does what it is asked and nothing by itself: no
 * retries, redirects, cookies, credentials or decompression. It connects only to what its address
 * policy allows: that is checked when a connection is made. A connection belongs to one exchange at
 * a time, and is closed after it unless the request was for a part of the bytes. Safe for use by
 * many threads.
 */
public final class WebClient implements Closeable {

  private static final int SWEEP_MILLIS = 1000;
  private static final AtomicInteger COUNT = new AtomicInteger();

  private final WebLimits limits;
  private final AddressPolicy policy;
  private final WebProxies proxies;
  private final WebTransports transports;

  /** Threads that wait for an answer's head, so that the caller can be interrupted meanwhile. */
  private final ExecutorService waiters = Executors.newCachedThreadPool(threads("web-"));

  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(threads("web-sweeper-"));

  /** A client that trusts the certificate authorities of the Java runtime, without proxies. */
  public WebClient(WebLimits limits, AddressPolicy policy) {
    this(limits, policy, WebProxies.none());
  }

  /** A client that trusts the certificate authorities of the Java runtime. */
  public WebClient(WebLimits limits, AddressPolicy policy, WebProxies proxies) {
    this(limits, policy, proxies, systemTrust(), HostLookup.SYSTEM);
  }

  /** A client that trusts whom the context trusts, without proxies. */
  public WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust) {
    this(limits, policy, trust, HostLookup.SYSTEM);
  }

  /** A client that looks up hosts in its own way. */
  public WebClient(WebLimits limits, AddressPolicy policy, SSLContext trust, HostLookup lookup) {
    this(limits, policy, WebProxies.none(), trust, lookup);
  }

  /** A client that looks up hosts, proxies among them, in its own way. */
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
   * Sends a GET request and waits for the head of the answer, whatever its status.
   *
   * @throws SourceException {@code BLOCKED} when the policy does not allow the address or port;
   *     {@code UNAVAILABLE} when no answer came
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
      throw new SourceException(Kind.UNAVAILABLE, "no source is asked any more", e);
    }
    // The client's own time-outs count from byte to byte; this one is for heads that drip.
    Duration patience = limits.connect().plus(limits.response());
    try {
      return answer.get(patience.toMillis(), MILLISECONDS);
    } catch (InterruptedException e) {
      request.cancel();
      throw e;
    } catch (TimeoutException e) {
      request.cancel();
      throw new SourceException(
          Kind.UNAVAILABLE,
          address.host().toHostString() + " did not answer within " + Seconds.of(patience),
          e);
    } catch (ExecutionException e) {
      throw WebErrors.beforeTheHead(address, proxy, limits, e.getCause());
    }
  }

  /** As far as the URL itself tells: the proxy looks up the rest. */
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

  /** How many connections are open, or about to be; those that wait for another use too. */
  public int openConnections() {
    return transports.openConnections();
  }

  private static ThreadFactory threads(String name) {
    return work -> {
      Thread thread = new Thread(work, name + COUNT.incrementAndGet());
      thread.setDaemon(true);
      return thread;
    };
  }

  private static SSLContext systemTrust() {
    try {
      return SSLContext.getDefault();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this Java runtime has no TLS", e);
    }
  }
}
