package dev.darkroom.source;

import dev.darkroom.source.SourceException.Kind;
import java.io.IOException;
import java.math.BigDecimal;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertPathBuilderException;
import java.security.cert.CertificateException;
import java.security.cert.CertificateExpiredException;
import java.time.Duration;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import org.apache.hc.client5.http.ClientProtocolException;
import org.apache.hc.client5.http.ConnectTimeoutException;
import org.apache.hc.core5.http.HttpException;
import org.apache.hc.core5.http.MessageConstraintException;

/** What the client's exceptions mean to the one who wrote the URL. */
final class WebTrouble {

  private WebTrouble() {}

  /** No head of an answer came. */
  static SourceException beforeTheHead(WebAddress address, WebLimits limits, Throwable cause) {
    String host = address.host().toHostString();
    return new SourceException(Kind.UNAVAILABLE, sentence(host, limits, cause), cause);
  }

  private static String sentence(String host, WebLimits limits, Throwable cause) {
    // Most special first: several of these are subclasses of one another.
    if (cause instanceof UnknownHostException) {
      return "host " + host + " can't be resolved";
    }
    if (cause instanceof ConnectTimeoutException) {
      return "no connection to " + host + " within " + seconds(limits.connect());
    }
    if (cause instanceof SocketTimeoutException) {
      return host + " did not answer within " + seconds(limits.response());
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

  /** A duration in seconds for people, such as 10 s or 0.3 s. */
  static String seconds(Duration duration) {
    BigDecimal seconds = BigDecimal.valueOf(duration.toMillis(), 3);
    return seconds.stripTrailingZeros().toPlainString() + " s";
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
