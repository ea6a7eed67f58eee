package dev.darkroom.source.web;

import dev.darkroom.source.Seconds;
import dev.darkroom.source.SourceException;
import dev.darkroom.source.SourceException.Kind;
import dev.darkroom.source.policy.AddressPolicy;
import dev.darkroom.source.policy.GuardedResolver;
import java.io.IOException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.util.Optional;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;

/** Maps the client's exceptions to failures of a source. */
final class WebErrors {

  private WebErrors() {}

  /** Makes the failure of a request without an answer. */
  static SourceException beforeTheHead(
      WebAddress address, Optional<WebProxy> proxy, WebLimits limits, Throwable cause) {
    if (cause instanceof GuardedResolver.RefusedHostException) {
      return refusedAddress(address);
    }
    if (cause instanceof WebTransport.TunnelRefusedException refused) {
      return new SourceException(
          Kind.UNAVAILABLE,
          "the proxy %s answered %d to the request for a tunnel to %s"
              .formatted(
                  proxy.map(WebProxy::toString).orElse(""),
                  refused.status(),
                  address.host().toHostString()),
          cause);
    }
    String host =
        proxy.map(some -> "the proxy " + some).orElseGet(() -> address.host().toHostString());
    return new SourceException(Kind.UNAVAILABLE, sentence(host, limits, cause), cause);
  }

  /**
   * Makes the refusal of a host by the address policy. The message is the same for all hosts, so
   * that it reveals neither what is at an address nor the address of a name.
   */
  static SourceException refusedAddress(WebAddress address) {
    return new SourceException(
        Kind.BLOCKED,
        "the address policy refuses "
            + address.host().getHostName()
            + ": unless the administrator says otherwise (--allow-sources, --deny-sources), only"
            + " public addresses may be sources");
  }

  /** Makes the refusal of a port by the address policy, for any host. */
  static SourceException refusedPort(WebAddress address, AddressPolicy policy) {
    return new SourceException(
        Kind.BLOCKED,
        "the address policy refuses port %d of %s: sources may be on ports %s (--source-ports)"
            .formatted(address.port(), address.host().getHostName(), policy.ports()));
  }

  private static String sentence(String host, WebLimits limits, Throwable cause) {
    // Subclasses come before their superclasses.
    if (cause instanceof UnknownHostException) {
      return (host.startsWith("the ") ? "" : "host ") + host + " can't be resolved";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "no connection to " + host + " within " + Seconds.of(limits.connect());
    }
    if (cause instanceof SocketTimeoutException) {
      return host + " did not answer within " + Seconds.of(limits.response());
    }
    if (cause instanceof NoRouteToHostException) {
      return "there is no route to " + host;
    }
    if (cause instanceof ConnectException) {
      return host + " refused the connection";
    }
    if (cause instanceof SSLException) {
      return "no TLS connection to " + host + ": " + tlsSentence(cause);
    }
    if (cause instanceof ClientProtocolException
        || cause instanceof HttpException
        || cause instanceof MessageConstraintException) {
      return "the answer of " + host + " is not valid HTTP";
    }
    if (cause instanceof IOException) {
      return host + " closed the connection without an answer";
    }
    return "the request to " + host + " failed: " + cause;
  }

  private static String tlsSentence(Throwable cause) {
    if (cause instanceof SSLPeerUnverifiedException) {
      return "its certificate is for another host";
    }
    for (Throwable t = cause; t != null; t = t.getCause()) {
      if (t instanceof CertificateExpiredException) {
        return "its certificate has expired";
      }
      if (t.getClass() == CertificateException.class) {
        // The JDK has no type for a wrong host name.
        return "its certificate is not accepted: " + t.getMessage();
      }
      if (t instanceof CertPathBuilderException) {
        return "its certificate is not signed by a trusted authority";
      }
    }
    return cause.getMessage();
  }
}
