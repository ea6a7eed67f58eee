package dev.darkroom.source.policy;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.List;
import org.apache.hc.client5.http.DnsResolver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Resolves the host of a connection and requires that the policy allows all its addresses. The
 * connection goes to one of these addresses without another lookup, so that a name server can't
 * show one address to the check and another to the connection (DNS rebinding). Literal addresses in
 * URLs pass through here too.
 */
public final class GuardedResolver implements DnsResolver {

  private static final Logger LOG = LoggerFactory.getLogger(GuardedResolver.class);

  private final AddressPolicy policy;
  private final HostLookup lookup;

  /** Makes a guard that resolves names as the system does. */
  public GuardedResolver(AddressPolicy policy) {
    this(policy, HostLookup.SYSTEM);
  }

  public GuardedResolver(AddressPolicy policy, HostLookup lookup) {
    this.policy = policy;
    this.lookup = lookup;
  }

  @Override
  public InetAddress[] resolve(String host) throws UnknownHostException {
    List<InetAddress> addresses = List.copyOf(lookup.addresses(host));
    if (addresses.isEmpty()) {
      throw new UnknownHostException(host);
    }
    for (InetAddress address : addresses) {
      if (!policy.allows(host, address)) {
        // For administrators only: authors of Images must not learn the addresses of a name.
        LOG.info(
            "The address policy refuses the source host {}: {}", host, address.getHostAddress());
        throw new RefusedHostException(host);
      }
    }
    return addresses.toArray(InetAddress[]::new);
  }

  @Override
  public String resolveCanonicalHostname(String host) {
    return host;
  }

  /** The address policy refuses a host. */
  public static final class RefusedHostException extends UnknownHostException {

    private static final long serialVersionUID = 1L;

    RefusedHostException(String host) {
      super(host);
    }
  }
}
