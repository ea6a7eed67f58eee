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

/** What the client's exceptions mean to the one who wrote the URL. */
final class WebErrors {

  private WebErrors() {}

  /** No head of an answer came. */
  static SourceException beforeTheHead(
      WebAddress address, Optional<WebProxy> proxy, WebLimits limits, Throwable cause) {
    if (cause instanceof GuardedResolver.RefusedHostException) {
      return refusedAddress(address);
    }
    if (cause instanceof WebTransport.TunnelRefusedException refused) {
      return new SourceException(
          Kind.UNAVAILABLE,
          "the proxy %s answered %d when it was asked for a way to %s"
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
   * The address policy refuses the host. The sentence is the same for all, so that nobody learns
   * from it what there is at an address, or which address a name has.
   */
  static SourceException refusedAddress(WebAddress address) {
    return new SourceException(
        Kind.BLOCKED,
        "the address policy refuses "
            + address.host().getHostName()
            + ": unless the administrator says otherwise (--allow-sources, --deny-sources), only"
            + " public addresses may be sources");
  }

  /** The address policy refuses the port, whatever the host. */
  static SourceException refusedPort(WebAddress address, AddressPolicy policy) {
    return new SourceException(
        Kind.BLOCKED,
        "the address policy refuses port %d of %s: sources may be on ports %s (--source-ports)"
            .formatted(address.port(), address.host().getHostName(), policy.ports()));
  }

  private static String sentence(String host, WebLimits limits, Throwable cause) {
    // Most special first: several of these are subclasses of one another.
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
      return "what " + host + " answered is not proper HTTP";
    }
    if (cause instanceof IOException) {
      return host + " closed the connection without an answer";
    }
    return host + " can't be asked: " + cause;
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
        // The JDK has no type of its own for a wrong host name.
        return "its certificate is not accepted: " + t.getMessage();
      }
      if (t instanceof CertPathBuilderException) {
        return "its certificate is not signed by an authority that is trusted here";
      }
    }
    return cause.getMessage();
  }
}
