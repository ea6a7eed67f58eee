package dev.darkroom.source.web;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/**
 * Certificate authorities that are trusted in addition to those of the Java runtime. Immutable; two
 * bundles of the same certificates are equal.
 */
public final class CaBundle {

  private static final int MAX_LENGTH = 1 << 20;

  /** RFC 7468, section 5. */
  private static final Pattern BLOCK =
      Pattern.compile(
          "-----BEGIN CERTIFICATE-----[^-]*-----END CERTIFICATE-----", Pattern.MULTILINE);

  private final Set<X509Certificate> certificates;

  private CaBundle(Set<X509Certificate> certificates) {
    this.certificates = certificates;
  }

  /**
   * Parses certificates in PEM format; ignores text between them.
   *
   * @throws IllegalArgumentException with the reason in one sentence
   */
  public static CaBundle parse(String pem) {
    if (pem.length() > MAX_LENGTH) {
      throw new IllegalArgumentException("the CA bundle is longer than 1 MiB");
    }
    Set<X509Certificate> certificates = new LinkedHashSet<>();
    Matcher block = BLOCK.matcher(pem);
    while (block.find()) {
      certificates.add(certificate(block.group(), certificates.size() + 1));
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("the CA bundle contains no certificate in PEM format");
    }
    return new CaBundle(certificates);
  }

  /** Returns a context that trusts these and the authorities of the Java runtime. */
  SSLContext context() {
    try {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      List<X509Certificate> all = new ArrayList<>(certificates);
      all.addAll(systemAuthorities());
      for (int i = 0; i < all.size(); i++) {
        store.setCertificateEntry("ca-" + i, all.get(i));
      }
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, trust(store), null);
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException("this Java runtime can't load trusted certificates", e);
    }
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof CaBundle bundle && certificates.equals(bundle.certificates);
  }

  @Override
  public int hashCode() {
    return certificates.hashCode();
  }

  @Override
  public String toString() {
    return "%d certificate authorities in addition to the system's".formatted(certificates.size());
  }

  private static List<X509Certificate> systemAuthorities() throws GeneralSecurityException {
    List<X509Certificate> authorities = new ArrayList<>();
    for (TrustManager manager : trust(null)) {
      if (manager instanceof X509TrustManager x509) {
        authorities.addAll(List.of(x509.getAcceptedIssuers()));
      }
    }
    return authorities;
  }

  private static TrustManager[] trust(KeyStore store) throws GeneralSecurityException {
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    return factory.getTrustManagers();
  }

  private static X509Certificate certificate(String block, int number) {
    try {
      return (X509Certificate)
          CertificateFactory.getInstance("X.509")
              .generateCertificate(new ByteArrayInputStream(block.getBytes(US_ASCII)));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "certificate " + number + " of the CA bundle can't be read", e);
    }
  }
}
