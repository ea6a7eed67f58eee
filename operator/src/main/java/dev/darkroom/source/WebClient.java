package dev.darkroom.source;

import dev.darkroom.source.SourceException.Kind;
import java.io.Closeable;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.classic.methods.HttpGet;
import org.apache.hc.core5.http.HttpHeaders;

/**
 * The one HTTP client that sources share. It does what it is asked and nothing by itself: no
 * retries, redirects, cookies, credentials, decompression or proxies. It connects only to what its
 * address policy allows: that is checked when a connection is made. A connection belongs to one
 * exchange at a time, and is closed after it unless the request was for a part of the bytes. Safe
 * for use by many threads.
 */
public final class WebClient implements Closeable {

  /** Shorter than what servers usually have patience for. */
  private static final Duration KEPT = Duration.ofSeconds(4);

  private static final AtomicInteger COUNT = new AtomicInteger();

  private final WebLimits limits;
  private final AddressPolicy policy;
  private final WebTransport transport;

  /** Threads that wait for an answer's head, so that the caller can be interrupted meanwhile. */
  private final ExecutorService waiters = Executors.newCachedThreadPool(threads("web-"));

  private final ScheduledExecutorService sweeper =
      Executors.newSingleThreadScheduledExecutor(threads("web-sweeper-"));

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
    this.transport = new WebTransport(limits, new GuardedResolver(policy, lookup), trust);
    var unused =
        sweeper.scheduleWithFixedDelay(
            () -> transport.closeIdle(KEPT), KEPT.toMillis(), 1000, TimeUnit.MILLISECONDS);
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
      throw WebTrouble.refusedPort(address, policy);
    }
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

  @Override
  public void close() throws IOException {
    sweeper.shutdownNow();
    waiters.shutdown();
    transport.close();
  }

  WebLimits limits() {
    return limits;
  }

  /** How many connections are open, or about to be; those that wait for another use too. */
  int openConnections() {
    return transport.busyConnections() + transport.keptConnections();
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
