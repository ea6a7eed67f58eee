package dev.darkroom.source.web;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.policy.GuardedResolver;
import dev.darkroom.source.policy.HostLookup;
import java.io.Closeable;
import java.io.IOException;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import org.apache.hc.client5.http.DnsResolver;

/**
 * The transports of a client: one for each set of trusted certificates and each proxy, so that a
 * connection is never used with other settings. Unused transports are closed. Thread-safe.
 */
final class WebTransports implements Closeable {

  /** Shorter than the usual keep-alive timeout of servers. */
  private static final Duration KEPT = Duration.ofSeconds(4);

  private static final long UNUSED_NANOS = Duration.ofMinutes(10).toNanos();

  private record Key(Optional<WebProxy> proxy, Optional<CaBundle> authorities) {}

  private static final class Entry {
    private final WebTransport transport;
    private long lastUse = System.nanoTime();

    Entry(WebTransport transport) {
      this.transport = transport;
    }
  }

  private final WebLimits limits;
  private final HostLookup lookup;
  private final DnsResolver guard;
  private final SSLContext trust;

  @GuardedBy("this")
  private final Map<Key, Entry> entries = new HashMap<>();

  WebTransports(WebLimits limits, AddressPolicy policy, HostLookup lookup, SSLContext trust) {
    this.limits = limits;
    this.lookup = lookup;
    this.guard = new GuardedResolver(policy, lookup);
    this.trust = trust;
  }

  /** Returns the transport for the proxy and the certificate authorities. */
  synchronized WebTransport get(Optional<WebProxy> proxy, Optional<CaBundle> authorities) {
    Entry entry = entries.computeIfAbsent(new Key(proxy, authorities), this::create);
    entry.lastUse = System.nanoTime();
    return entry.transport;
  }

  /** Closes idle connections, and transports that are unused. */
  synchronized void sweep() {
    long now = System.nanoTime();
    for (Iterator<Entry> all = entries.values().iterator(); all.hasNext(); ) {
      Entry entry = all.next();
      entry.transport.closeIdle(KEPT);
      if (now - entry.lastUse > UNUSED_NANOS && entry.transport.openConnections() == 0) {
        entry.transport.close();
        all.remove();
      }
    }
  }

  /** Returns how many connections are open, idle ones and those being opened included. */
  synchronized int openConnections() {
    return entries.values().stream().mapToInt(entry -> entry.transport.openConnections()).sum();
  }

  @Override
  public synchronized void close() throws IOException {
    for (Entry entry : entries.values()) {
      entry.transport.close();
    }
    entries.clear();
  }

  private Entry create(Key key) {
    SSLContext context = key.authorities().map(CaBundle::context).orElse(trust);
    DnsResolver resolver = key.proxy().isPresent() ? new Unguarded(lookup) : guard;
    return new Entry(new WebTransport(limits, resolver, context, key.proxy()));
  }

  /** Resolves the names of proxies without a policy: the administrator chose the proxies. */
  private record Unguarded(HostLookup lookup) implements DnsResolver {

    @Override
    public InetAddress[] resolve(String host) throws java.net.UnknownHostException {
      return lookup.addresses(host).toArray(InetAddress[]::new);
    }

    @Override
    public String resolveCanonicalHostname(String host) {
      return host;
    }
  }
}
